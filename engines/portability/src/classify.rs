//! What a file is by its path: language, role, and the machine its name speaks of.

/// How comments and strings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    C,
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
    /// Its path names another CPU than the targets, or another system.
    pub foreign: bool,
}

/// What a file is for. Only a product's own files can stop it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Product,
    Test,
    Bench,
    Document,
}

const BY_EXTENSION: &[(&str, Language, Syntax)] = &[
    ("c cc cpp cxx h hh hpp hxx inl inc ipp tcc m mm cu cl", "c", Syntax::C),
    ("s S asm nasm", "asm", Syntax::C),
    ("java kt kts scala groovy", "java", Syntax::C),
    ("cs vb", "dotnet", Syntax::C),
    ("go", "go", Syntax::Go),
    ("rs", "rust", Syntax::Rust),
    ("js mjs cjs ts tsx jsx vue", "script", Syntax::Script),
    ("py pyx pyi", "python", Syntax::Python),
    ("php", "php", Syntax::Script),
    ("sh bash mk mak am ac m4 cmake", "build", Syntax::Hash),
    ("yml yaml toml properties cfg ini conf env", "config", Syntax::Hash),
    ("sql ddl", "sql", Syntax::Sql),
    ("xml xaml config csproj vbproj vcxproj fsproj props targets sln nuspec", "xml", Syntax::Markup),
    ("html htm jsp aspx asp cshtml ftl jspx", "markup", Syntax::Markup),
    ("css scss less", "style", Syntax::Style),
    ("md rst txt adoc tex", "document", Syntax::Plain),
    ("json lock csv tsv pem crt po pot map patch diff log", "data", Syntax::Plain),
    ("png jpg jpeg gif ico webp bmp svg woff woff2 ttf otf eot mp3 mp4 wav ogg pdf", "data", Syntax::Plain),
    ("gradle sbt", "build-java", Syntax::C),
];

pub(crate) fn classify(path: &str) -> Class {
    let name = path.rsplit(['/', '!']).next().unwrap_or(path);
    let (language, syntax) = language(name);
    let role = if language == "document" && !name.starts_with("CMakeLists") && !name.starts_with("requirements") {
        Role::Document
    } else {
        role(path)
    };
    Class { language, syntax, role, foreign: foreign_path(path) }
}

fn language(name: &str) -> (Language, Syntax) {
    match name {
        "CMakeLists.txt" | "Makefile" | "makefile" | "GNUmakefile" | "meson.build" | "BUILD" | "BUILD.bazel"
        | "SConstruct" | "configure" | "configure.ac" | "Makefile.in" => {
            return ("build", Syntax::Hash);
        }
        "setup.py" => return ("setup", Syntax::Python),
        "build.rs" => return ("rust", Syntax::Rust),
        "binding.gyp" => return ("build", Syntax::Hash),
        _ if name.starts_with("Dockerfile") || name.ends_with(".dockerfile") || name == "Containerfile" => {
            return ("container", Syntax::Hash);
        }
        "LICENSE" | "LICENCE" | "COPYING" | "NOTICE" | "AUTHORS" | "README" | "CHANGES" | "NEWS" | "THANKS" => {
            return ("document", Syntax::Plain);
        }
        ".gitignore" | ".gitattributes" | ".gitmodules" | ".dockerignore" | ".editorconfig" | ".mailmap" => {
            return ("data", Syntax::Plain);
        }
        _ if name.starts_with("requirements") && name.ends_with(".txt") => return ("config", Syntax::Hash),
        _ => {}
    }
    let extension = name.strip_suffix(".in").unwrap_or(name).rsplit_once('.').map_or("", |(_, extension)| extension);
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

fn role(path: &str) -> Role {
    let lower = path.to_ascii_lowercase();
    let (folders, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    for folder in folders.split(['/', '!']) {
        match folder {
            "test" | "tests" | "testing" | "testdata" | "test_data" | "spec" | "__tests__" | "unittest"
            | "unittests" | "fuzz" | "fuzzing" | "fuzzer" | "testsuite" | ".github" | ".circleci" => return Role::Test,
            "bench" | "benches" | "benchmark" | "benchmarks" | "perf" => return Role::Bench,
            "doc" | "docs" | "documentation" | "example" | "examples" | "sample" | "samples" | "demo" | "demos" => {
                return Role::Document;
            }
            _ => {}
        }
    }
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if stem.ends_with("_test")
        || stem.starts_with("test_")
        || stem.ends_with("_tests")
        || stem.ends_with(".test")
        || stem.ends_with(".spec")
        || stem == "conftest"
    {
        return Role::Test;
    }
    if stem.starts_with("bench") || stem.ends_with("_bench") || stem.ends_with("benchmark") {
        Role::Bench
    } else {
        Role::Product
    }
}

/// Words of a path that speak of another CPU or system.
const FOREIGN: &[&str] = &[
    "x86",
    "x64",
    "amd64",
    "i386",
    "i486",
    "i586",
    "i686",
    "ia32",
    "x86_64",
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
    "win",
    "win32",
    "win64",
    "windows",
    "msvc",
    "mingw",
    "msdos",
    "vstudio",
    "macos",
    "osx",
    "darwin",
    "ppc",
    "ppc64",
    "powerpc",
    "power",
    "vsx",
    "altivec",
    "s390",
    "s390x",
    "mips",
    "msa",
    "sparc",
    "wasm",
    "arm32",
    "armv7",
    "vs",
    "visualc",
    "shani",
    "neon",
    "arm",
    "arm64",
    "aarch64",
];

fn foreign_path(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    if lower.contains("x86_64") || lower.contains("x86-64") || lower.contains("avx512") {
        return true;
    }
    lower.split(['/', '_', '-', '.', '!']).any(|word| FOREIGN.contains(&word))
}

/// Which CPUs the words of a path name: for sets of siblings.
pub(crate) fn without_machine(name: &str) -> String {
    let mut stem = name.to_ascii_lowercase();
    for word in [
        "x86_64",
        "x86-64",
        "amd64",
        "aarch64",
        "arm64",
        "loongarch64",
        "loong64",
        "riscv64",
        "sw_64",
        "sw64",
        "i686",
        "i386",
        "x86",
        "x64",
        "armv7",
        "ppc64le",
        "s390x",
        "linux",
        "windows",
        "win32",
        "win64",
        "darwin",
        "macos",
        "osx",
    ] {
        stem = stem.replace(word, "");
    }
    stem = stem.trim_start_matches("lib").to_owned();
    let end = stem
        .find(".so")
        .or_else(|| stem.rfind(".dll"))
        .or_else(|| stem.rfind(".dylib"))
        .or_else(|| stem.rfind(".jnilib"))
        .or_else(|| stem.rfind(".node"))
        .or_else(|| stem.rfind(".exe"));
    stem.truncate(end.unwrap_or(stem.len()));
    stem.trim_matches(['-', '_', '.']).to_owned()
}
