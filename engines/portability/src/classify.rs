//! What a file is by its path: language, role, and the machine its name speaks of.

use crate::target::{Target, Targets};

/// How comments and strings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    C,
    /// C# and its like.
    Sharp,
    Go,
    Rust,
    /// JavaScript, TypeScript and their like.
    Script,
    Python,
    Hash,
    Sql,
    Markup,
    Style,
    Plain,
}

/// A language or kind of file, as `data/rules.toml` names it.
pub(crate) type Language = &'static str;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Class {
    pub language: Language,
    pub syntax: Syntax,
    pub role: Role,
    /// Where its path says that it belongs: all targets where the path says nothing, none where it names x86 or Windows.
    pub place: Targets,
}

/// What a file is for. Only a product's own files can stop it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Product,
    Test,
    Bench,
    Document,
    /// Samples and demonstrations: the product's own where its build makes them.
    Sample,
    /// Foreign code that lies in the tree; what is compiled from it is the product all the same.
    Vendored,
}

const BY_EXTENSION: &[(&str, Language, Syntax)] = &[
    ("c cc cpp cxx c++ h hh hpp hxx h++ inl inc ipp tcc tpp m mm cu cuh cl rc rc2", "c", Syntax::C),
    ("s S asm nasm", "asm", Syntax::C),
    ("java kt kts scala groovy", "java", Syntax::C),
    ("cs vb ashx asmx", "dotnet", Syntax::Sharp),
    ("go", "go", Syntax::Go),
    ("rs", "rust", Syntax::Rust),
    ("js mjs cjs ts tsx jsx vue htc", "script", Syntax::Script),
    ("vbs bas frm hta cls ctl vbp", "basic", Syntax::Plain),
    ("bat cmd nsi iss inf reg", "batch", Syntax::Plain),
    ("spec", "package", Syntax::Hash),
    ("py pyx pyi", "python", Syntax::Python),
    ("php", "php", Syntax::Script),
    ("sh bash zsh ksh mk mak make am ac m4 cmake bzl bazel gyp gypi pro pri gn gni", "build", Syntax::Hash),
    ("yml yaml toml properties cfg ini conf env", "config", Syntax::Hash),
    ("dsp vcproj", "xml", Syntax::Markup),
    ("sql ddl", "sql", Syntax::Sql),
    ("xml xaml config hbm csproj vbproj vcxproj fsproj props targets sln nuspec", "xml", Syntax::Markup),
    ("html htm xhtml jsp jspf aspx ascx master asp cshtml ftl vm jspx tag", "markup", Syntax::Markup),
    ("css scss less", "style", Syntax::Style),
    ("md rst txt adoc tex", "document", Syntax::Plain),
    ("json lock csv tsv pem crt po pot map patch diff log", "data", Syntax::Plain),
    ("png jpg jpeg gif ico webp bmp svg woff woff2 ttf otf eot mp3 mp4 wav ogg pdf", "data", Syntax::Plain),
    ("gradle sbt", "build-java", Syntax::C),
];

pub(crate) fn classify(path: &str) -> Class {
    let name = path.rsplit(['/', '!']).next().unwrap_or(path);
    let (language, syntax) = language(name);
    let role = if language == "document" { Role::Document } else { role(path, language) };
    Class { language, syntax, role, place: place(path) }
}

fn language(name: &str) -> (Language, Syntax) {
    match name {
        "CMakeLists.txt" | "Makefile" | "makefile" | "GNUmakefile" | "meson.build" | "BUILD" | "BUILD.bazel"
        | "WORKSPACE" | "SConstruct" | "SConscript" | "wscript" | "Jamfile" | "Jamroot" | "configure"
        | "configure.in" | "Kconfig" | "config.guess" | "config.sub" | "bootstrap" | "gradlew" => {
            return ("build", Syntax::Hash);
        }
        // What autoconf adds runs everywhere; its lists of machines are read by themselves.
        "ltmain.sh" | "libtool" | "depcomp" | "install-sh" | "missing" | "compile" | "aclocal.m4" | "libtool.m4" => {
            return ("data", Syntax::Plain);
        }
        "setup.py" | "conanfile.py" => return ("setup", Syntax::Python),
        "control" | "PKGBUILD" | "APKBUILD" | "snapcraft.yaml" => return ("package", Syntax::Hash),
        "package.json" | "composer.json" | "packages.config" => return ("manifest", Syntax::Plain),
        "build.rs" => return ("rust", Syntax::Rust),
        _ if name.starts_with("Makefile.") || name.ends_with(".Makefile") => return ("build", Syntax::Hash),
        _ if name.starts_with("Dockerfile")
            || name.ends_with(".dockerfile")
            || name.ends_with(".Dockerfile")
            || name == "Containerfile" =>
        {
            return ("container", Syntax::Hash);
        }
        "LICENSE" | "LICENCE" | "COPYING" | "NOTICE" | "AUTHORS" | "README" | "CHANGES" | "NEWS" | "THANKS"
        | "ChangeLog" | "INSTALL" | "Changes" => {
            return ("document", Syntax::Plain);
        }
        ".gitignore" | ".gitattributes" | ".gitmodules" | ".dockerignore" | ".editorconfig" | ".mailmap" => {
            return ("data", Syntax::Plain);
        }
        _ if name.starts_with("requirements") && name.ends_with(".txt") => return ("config", Syntax::Hash),
        // Where .NET and the database layers of Node have their connections.
        _ if name.ends_with(".json") && (name.starts_with("appsettings") || name == "ormconfig.json") => {
            return ("config", Syntax::Plain);
        }
        _ => {}
    }
    let mut base = name;
    // A template is written in the language of what it makes.
    while let Some(shorter) =
        TEMPLATES.iter().find_map(|end| base.strip_suffix(end)).filter(|shorter| shorter.contains('.'))
    {
        base = shorter;
    }
    let extension = base.rsplit_once('.').map_or("", |(_, extension)| extension);
    let fits = |list: &str| {
        list.split(' ').any(|known| {
            known == extension || (extension != "S" && extension != "s" && known == extension.to_ascii_lowercase())
        })
    };
    BY_EXTENSION
        .iter()
        .find(|(list, ..)| fits(list))
        .map_or(("other", Syntax::Plain), |(_, language, syntax)| (*language, *syntax))
}

const TEMPLATES: [&str; 8] = [".in", ".j2", ".tmpl", ".tpl", ".template", ".example", ".sample", ".dist"];

/// The language that a script's first line names.
pub(crate) fn by_first_line(source: &[u8]) -> Option<(Language, Syntax)> {
    let line = source.strip_prefix(b"#!")?;
    let line = line[..line.len().min(120)].split(|byte| *byte == b'\n').next()?;
    let has = |word: &str| memchr::memmem::find(line, word.as_bytes()).is_some();
    if has("python") {
        Some(("python", Syntax::Python))
    } else if has("node") {
        Some(("script", Syntax::Script))
    } else if has("sh") || has("make") {
        Some(("build", Syntax::Hash))
    } else {
        None
    }
}

/// Folders in which the packages of Java begin: what stands below is a name, not a purpose.
const PACKAGES: [&str; 8] = ["com", "org", "net", "cn", "io", "edu", "main", "java"];

fn role(path: &str, language: Language) -> Role {
    let lower = path.to_ascii_lowercase();
    let (folders, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let mut role = Role::Product;
    let mut package = false;
    // What lies in an archive within a tree was made elsewhere; an archive that was given as such is the product.
    let mut archives = 0;
    for folder in folders.split('/') {
        package |= language == "java" && PACKAGES.contains(&folder);
        if package && !matches!(folder, "test" | "tests") {
            continue;
        }
        match folder {
            "test" | "tests" | "testing" | "testdata" | "test_data" | "spec" | "__tests__" | "unittest"
            | "testcases" | "testcase" | "unittests" | "fuzz" | "fuzzing" | "fuzzer" | "testsuite" | ".github"
            | ".circleci" | ".ci" | ".azure" | ".gitlab" => return Role::Test,
            "bench" | "benches" | "benchmark" | "benchmarks" | "perf" => return Role::Bench,
            // A script that makes tables is run, wherever it lies.
            "doc" | "docs" | "documentation" if language != "sql" => return Role::Document,
            "example" | "examples" | "sample" | "samples" | "demo" | "demos" | "_examples" => role = Role::Sample,
            _ if folder.ends_with('!') => archives += 1,
            _ if VENDORED.contains(&folder)
                || (web(language) && COPIED.iter().any(|known| folder.starts_with(known))) =>
            {
                role = Role::Vendored
            }
            _ => {}
        }
    }
    let packed =
        archives > 1 || (archives == 1 && lower.split_once("!/").is_some_and(|(archive, _)| archive.contains('/')));
    if packed {
        return Role::Vendored;
    }
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if stem.ends_with("_test")
        || stem.starts_with("test_")
        || stem.ends_with("_tests")
        || stem.ends_with(".test")
        || stem.ends_with(".spec")
        || stem == "conftest"
        || matches!(
            name,
            ".travis.yml"
                | ".appveyor.yml"
                | "appveyor.yml"
                | ".gitlab-ci.yml"
                | "jenkinsfile"
                | ".cirrus.yml"
                | "azure-pipelines.yml"
                | ".drone.yml"
        )
    {
        return Role::Test;
    }
    // The names of JUnit's classes.
    let own = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(stem, _)| stem);
    if language == "java" && (own.ends_with("Test") || own.ends_with("Tests") || own.ends_with("TestCase")) {
        return Role::Test;
    }
    if stem.starts_with("bench") || stem.ends_with("_bench") || stem.ends_with("benchmark") {
        return Role::Bench;
    }
    if web(language) && (component(stem) || stem.ends_with(".min") || stem.ends_with("-min") || stem.contains(".min."))
    {
        return Role::Vendored;
    }
    role
}

/// Folders of foreign code.
const VENDORED: &[&str] = &[
    "node_modules",
    "bower_components",
    "jspm_packages",
    "vendor",
    "vendors",
    "third_party",
    "third-party",
    "thirdparty",
    "3rdparty",
    "3rd_party",
    "3rd-party",
    "external",
    "externals",
    "extern",
];

fn web(language: Language) -> bool {
    matches!(language, "script" | "markup" | "style")
}

/// Whether a file or folder of a web page is a well-known component by its name.
fn component(name: &str) -> bool {
    COMPONENTS.iter().any(|known| {
        name.strip_prefix(known).is_some_and(|rest| !rest.starts_with(|letter: char| letter.is_ascii_alphabetic()))
    })
}

/// Folders by which editors and uploaders for web pages are known.
const COPIED: &[&str] = &[
    "ace-",
    "jquery",
    "bootstrap",
    "swfupload",
    "webuploader",
    "uploadify",
    "plupload",
    "echarts",
    "flowplayer",
    "layui",
    "my97datepicker",
    "ztree",
    "easyui",
    "datatables",
    "tiny_mce",
    "tinymce",
    "codemirror",
    "ueditor",
    "umeditor",
    "kindeditor",
    "ckeditor",
    "fckeditor",
    "xheditor",
    "zeroclipboard",
    "video-js",
    "extjs",
    "dojo",
];

/// Components of web pages that are copied into trees whole.
const COMPONENTS: &[&str] = &[
    "jquery",
    "bootstrap",
    "swfobject",
    "swfupload",
    "webuploader",
    "uploadify",
    "plupload",
    "echarts",
    "highcharts",
    "prototype",
    "mootools",
    "ext-all",
    "ext",
    "raphael",
    "videojs",
    "video-js",
    "flowplayer",
    "layer",
    "layui",
    "laydate",
    "vue",
    "react",
    "angular",
    "moment",
    "requirejs",
    "require",
    "underscore",
    "lodash",
    "zepto",
    "modernizr",
    "html5shiv",
    "html5",
    "respond",
    "es5-shim",
    "json2",
    "excanvas",
    "wdatepicker",
    "my97datepicker",
    "ztree",
    "easyui",
    "datatables",
    "select2",
    "tiny_mce",
    "tinymce",
    "codemirror",
    "ueditor",
    "umeditor",
    "kindeditor",
    "ckeditor",
    "fckeditor",
    "xheditor",
    "wangeditor",
    "zeroclipboard",
    "jplayer",
    "jwplayer",
    "ckplayer",
    "soundmanager",
    "soundmanager2",
    "openlayers",
    "leaflet",
    "d3",
    "dojo",
    "yui",
    "scriptaculous",
    "jqgrid",
    "artdialog",
    "lhgdialog",
    "fusioncharts",
    "open-flash-chart",
    "audiojs",
    "mediaelement",
    "fullcalendar",
    "summernote",
    "pdfjs",
    "polyfill",
    "polyfills",
    "ie8",
    "cropper",
    "webcam",
    "fancybox",
    "lightbox",
    "ace",
    "ace-noconflict",
    "socket.io",
    "sockjs",
    "promise",
    "handlebars",
];

/// Words that name x86, other CPUs than the targets, or another system.
pub(crate) const FOREIGN: &[&str] = &[
    "x86",
    "x64",
    "amd64",
    "i386",
    "i486",
    "i586",
    "i686",
    "ia32",
    "x86_64",
    "x86-64",
    "386",
    "x8664",
    "x32",
    "sse",
    "sse2",
    "sse3",
    "ssse3",
    "sse4",
    "sse41",
    "sse42",
    "avx",
    "avx2",
    "avx512",
    "mmx",
    "pclmul",
    "pclmulqdq",
    "aesni",
    "bmi2",
    "haswell",
    "westmere",
    "icelake",
    "skylake",
    "shani",
    "win",
    "win32",
    "win64",
    "windows",
    "msvc",
    "mingw",
    "mingw32",
    "cygwin",
    "msdos",
    "vstudio",
    "macos",
    "osx",
    "darwin",
    "macosx",
    "ios",
    "android",
    "freebsd",
    "ppc",
    "ppc64",
    "ppc64le",
    "powerpc",
    "vsx",
    "altivec",
    "s390",
    "s390x",
    "mips",
    "mips64",
    "msa",
    "sparc",
    "sparc64",
    "wasm",
    "arm32",
    "armv6",
    "armv7",
    "visualc",
    "ia64",
    "alpha",
    "parisc",
    "hppa",
    "pa",
    "armel",
    "armhf",
    "armv5",
    "mips64el",
    "mipsel",
    "mips64le",
    "mipsle",
    "riscv32",
    "sparcv9",
    "or1k",
    "m68k",
    "m32r",
    "nios2",
    "microblaze",
    "xtensa",
    "avr32",
    "bfin",
    "cris",
    "csky",
    "frv",
    "moxie",
    "vax",
    "lm32",
    "sparcv9",
    "sparcv8",
    "sunos",
    "solaris",
    "openbsd",
    "netbsd",
    "dragonfly",
    "dragonflybsd",
    "aix",
    "vs2008",
    "vs2010",
    "vs2012",
    "vs2013",
    "vs2015",
    "vs2017",
    "vs2019",
];

/// Where a word says that something belongs; `None` for words that name no machine.
pub(crate) fn machine_word(word: &str) -> Option<Targets> {
    Some(match word {
        "aarch64" | "arm64" | "arm" | "neon" | "armv8" | "asimd" | "arm64v8" => Targets::NONE.with(Target::Aarch64),
        "loongarch" | "loongarch64" | "loong64" | "lsx" | "lasx" => {
            Targets::NONE.with(Target::Loongarch64).with(Target::Loongarch64Abi1)
        }
        "riscv" | "riscv64" | "rv64" | "rvv" => Targets::NONE.with(Target::Riscv64),
        "sw_64" | "sw64" | "sunway" => Targets::NONE.with(Target::Sw64),
        _ if FOREIGN.contains(&word) => Targets::NONE,
        _ => return None,
    })
}

fn place(path: &str) -> Targets {
    let lower = path.to_ascii_lowercase();
    // `sse2bfly27.s`: the word goes on in the name.
    let vector = ["sse2", "sse4", "ssse3", "mmx", "avx"];
    if lower.split(['/', '_', '-', '.', '!']).any(|word| vector.iter().any(|start| word.starts_with(start))) {
        return Targets::NONE;
    }
    if lower.contains("x86_64") || lower.contains("x86-64") || lower.contains("avx512") {
        return Targets::NONE;
    }
    let mut named: Option<Targets> = lower.contains("sw_64").then(|| Targets::NONE.with(Target::Sw64));
    for targets in lower.split(['/', '_', '-', '.', '!']).filter_map(machine_word) {
        // `arm/neon.c` and `arm64` below `arm` belong to the narrower name.
        named = Some(named.unwrap_or_default().or(targets));
    }
    named.unwrap_or(Targets::ALL)
}

/// A library's name without the words that name machines: for sets of siblings.
pub(crate) fn without_machine(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let mut stem = lower.replace("x86_64", "").replace("x86-64", "").replace("sw_64", "");
    let kept: Vec<&str> = stem
        .split_inclusive(['-', '_', '.'])
        .filter(|part| {
            let word = part.trim_end_matches(['-', '_', '.']);
            machine_word(word).is_none()
                && !matches!(word, "linux" | "winnt" | "unknown" | "gnu" | "musl" | "gnueabihf" | "osx64" | "x8664")
        })
        .collect();
    stem = kept.concat();
    // A word that fell took its mark with it: `a-x64.so` keeps its end.
    if let Some((_, end)) =
        lower.rsplit_once('.').filter(|(_, end)| !stem.ends_with(&format!(".{end}")) && !end.is_empty())
    {
        stem = format!(
            "{}.{end}",
            stem.trim_end_matches(['-', '_', '.', ' ']).trim_end_matches(end).trim_end_matches(['-', '_', '.'])
        );
    }
    stem = stem.trim_start_matches("lib").to_owned();
    let end = stem
        .find(".so")
        .or_else(|| stem.rfind(".dll"))
        .or_else(|| stem.rfind(".dylib"))
        .or_else(|| stem.rfind(".jnilib"))
        .or_else(|| stem.rfind(".node"))
        .or_else(|| stem.rfind(".exe"))
        .or_else(|| stem.rfind(".mex"))
        .or_else(|| stem.rfind(".pyd"));
    stem.truncate(end.unwrap_or(stem.len()));
    stem.trim_matches(['-', '_', '.']).to_owned()
}

/// Whether a name says for which machine it is.
pub(crate) fn names_machine(name: &str) -> bool {
    place(name) != Targets::ALL
}
