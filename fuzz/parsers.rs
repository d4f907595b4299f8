// What a target does with its bytes, for the parsers of the platform and the modules: shared with the test that replays
// the corpus (app/tests/it/corpus.rs).

use std::io::Write;

use access::Token;
use codes::{Date, MobileNumber, Money, Ratio, ResidentId, Unit, Uscc};
use record::proof::{self, Held, Proof};
use record::seal::checkpoint::Checkpoint;
use record::seal::note::{self, Verifier};
use record::seal::ring::Ring;
use record::seal::tile::{self, Address};
use record::seal::{PublicKey, SoftwareKey, unwrap_key};

/// A proof as somebody hands it to `jinmen verify`, with its own keys and its own checkpoint as what one holds.
#[allow(dead_code)]
pub fn proofs(data: &[u8]) {
    let Ok(found) = serde_json::from_slice::<Proof>(data) else { return };
    let _ = proof::verify(&found, &Held::default());
    let held = Held { keys: Some(found.keys.clone()), checkpoint: Some(found.checkpoint.clone()) };
    let report = proof::verify(&found, &held);
    assert_eq!(report.valid, report.checks.iter().all(|check| check.ok));
}

/// Notes, checkpoints, verifier keys, rings of keys.
#[allow(dead_code)]
pub fn notes(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let key = Verifier::parse(text);
    if let Ok(key) = &key {
        assert_eq!(Verifier::parse(&key.to_string()).as_ref(), Ok(key));
    }
    if let Ok(read) = note::parse(text) {
        let _ = read.verify(key.as_ref().map(std::slice::from_ref).unwrap_or_default());
        let _ = read.text.parse::<Checkpoint>();
    }
    if let Ok(checkpoint) = text.parse::<Checkpoint>() {
        assert_eq!(checkpoint.to_string().parse::<Checkpoint>(), Ok(checkpoint));
    }
    if let Ok(ring) = serde_json::from_str::<Ring>(text) {
        let known = ring.verifiers().unwrap_or_default();
        let _ = ring.believed(known.get(..1).unwrap_or_default());
    }
}

/// Addresses of tiles, tiles, bundles.
#[allow(dead_code)]
pub fn tiles(data: &[u8]) {
    if let Some(entries) = tile::read_bundle(data) {
        assert_eq!(tile::bundle(entries).as_deref(), Some(data));
    }
    let _ = tile::read_tile(data);
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(address) = text.parse::<Address>() {
        assert_eq!(address.path(), text);
    }
}

/// Keys in PEM, wrapped keys, tokens of sessions and programs.
#[allow(dead_code)]
pub fn keys(data: &[u8]) {
    let _ = unwrap_key(&[7; 32], "record key", data);
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(key) = PublicKey::from_pem(text) {
        assert_eq!(PublicKey::new(key.algorithm(), key.bytes()).as_ref(), Ok(&key));
    }
    let _ = SoftwareKey::from_pem(text);
    let _ = Token::presented(text).map(|token| token.digest());
}

/// Public identifiers, amounts, dates.
#[allow(dead_code)]
pub fn codes_of(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(code) = Uscc::parse(text) {
        assert_eq!(Uscc::parse(code.as_ref()).ok(), Some(code));
    }
    if let Ok(day) = Date::parse(text) {
        assert_eq!(Date::from_iso(&day.to_string()).ok(), Some(day));
        let _ = ResidentId::parse(text, day);
    }
    let _ = MobileNumber::parse(text);
    let _ = Ratio::parse(text);
    for unit in [Unit::Yuan, Unit::TenThousand, Unit::HundredMillion] {
        let _ = Money::parse(text, unit);
    }
}

/// Tables as offices make them: the bytes of an upload under each name that is taken.
#[allow(dead_code)]
pub fn uploads(data: &[u8]) {
    let Some(path) = kept(data) else { return };
    for name in ["a.csv", "a.xlsx", "a.xls", "a.ods", "a.txt"] {
        if let Ok(mut source) = registry::table::open(path.path(), name) {
            let _ = registry::table::first_rows(source.as_mut(), 0, 200);
        }
    }
}

/// What stands inside a workbook, where no check sum of the archive keeps a change from the parser: the sheet, then, after
/// a zero byte, the shared strings, the styles and the workbook's own part.
#[allow(dead_code)]
pub fn workbooks(data: &[u8]) {
    const PARTS: [(&str, &str); 4] = [
        ("xl/worksheets/sheet1.xml", "<worksheet/>"),
        ("xl/sharedStrings.xml", "<sst/>"),
        ("xl/styles.xml", "<styleSheet/>"),
        ("xl/workbook.xml", "<workbook><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"),
    ];
    const RELATED: &str = "<Relationships><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/\
        officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>";
    let mut given = data.splitn(PARTS.len(), |byte| *byte == 0);
    let mut parts = vec![("xl/_rels/workbook.xml.rels", RELATED.as_bytes())];
    parts.extend(PARTS.iter().map(|(name, usual)| (*name, given.next().unwrap_or(usual.as_bytes()))));
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let plain = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in parts {
        if archive.start_file(name, plain).and_then(|()| Ok(archive.write_all(bytes)?)).is_err() {
            return;
        }
    }
    let Ok(bytes) = archive.finish() else { return };
    let Some(path) = kept(bytes.get_ref()) else { return };
    if let Ok(mut source) = registry::table::open(path.path(), "a.xlsx") {
        let _ = registry::table::best_sheet(source.as_mut(), 200, &|_| 1);
    }
}

/// A backup as somebody hands it to `jinmen restore`.
#[allow(dead_code)]
pub fn backups(data: &[u8]) {
    if let Some(path) = kept(data) {
        let _ = backup::check(path.path());
    }
}

fn kept(data: &[u8]) -> Option<tempfile::NamedTempFile> {
    let mut file = tempfile::NamedTempFile::new().ok()?;
    file.write_all(data).ok()?;
    Some(file)
}

/// Names under which the readers of the portability engine take a file as a source; the first byte chooses.
const SOURCES: [&str; 24] = [
    "a.c", "a.h", "src/lib.rs", "src/a.rs", "build.rs", "a.go", "a_amd64.s", "a.S", "A.java", "a.js", "a.html", "a.jsp", "A.cs",
    "a.csproj", "a.py", "setup.py", "a.php", "a.sql", "Mapper.xml", "CMakeLists.txt", "a.sh", "config.sub", "Dockerfile", "a.yml",
];

/// Manifests and lock files.
const MANIFESTS: [&str; 22] = [
    "pom.xml", "build.gradle", "gradle.lockfile", "libs.versions.toml", "requirements.txt", "Pipfile.lock", "poetry.lock",
    "pyproject.toml", "package.json", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "go.mod", "Cargo.lock", "Cargo.toml",
    "conanfile.txt", "conanfile.py", "conan.lock", "packages.config", "packages.lock.json", "a.csproj", "a.whl/x.dist-info/METADATA",
];

/// Archives and machine code.
const BINARIES: [&str; 11] =
    ["a.jar", "a.tar", "a.tar.gz", "a.deb", "a.so", "a.dll", "a.lib", "A.class", "a.rpm", "a.tar.xz", "a.tar.lzma"];

fn assessed(names: &[&str], data: &[u8]) -> Option<portability::Report> {
    let (choice, rest) = data.split_first()?;
    let name = names.get(usize::from(*choice) % names.len())?;
    let tree: portability::InMemory = [(*name, rest)].into_iter().collect();
    let options = portability::Options { threads: 1, ..portability::Options::default() };
    Some(portability::assess("fuzzed", &tree, Vec::new(), &options, &|_, _| {}))
}

/// Sources and build files as `jinmen assess` reads them; every line it names is one of the file.
#[allow(dead_code)]
pub fn sources(data: &[u8]) {
    let Some(report) = assessed(&SOURCES, data) else { return };
    let lines = data.iter().filter(|byte| matches!(byte, b'\n' | b'\r' | 0)).count() + 2;
    for finding in &report.findings {
        // What is in another coding has its lines counted after it was decoded, which makes none.
        assert!(finding.line as usize <= lines, "{finding:?}");
        assert!(!finding.targets.is_empty());
    }
}

/// Manifests and lock files; what they name is fit for every format of bills of materials.
#[allow(dead_code)]
pub fn manifests(data: &[u8]) {
    let Some(report) = assessed(&MANIFESTS, data) else { return };
    for component in &report.components {
        assert!(component.purl.starts_with("pkg:") && !component.purl.contains(char::is_whitespace));
    }
    let _ = portability::output::cyclonedx(&report);
    let _ = portability::output::spdx(&report, "2025-06-30T00:00:00Z");
}

/// Archives and machine code, and the report on them in every form.
#[allow(dead_code)]
pub fn binaries(data: &[u8]) {
    let Some(report) = assessed(&BINARIES, data) else { return };
    let page = portability::output::html(&report, portability::Language::Chinese);
    assert!(!page.contains("<script"));
    let _ = portability::output::sarif(&report);
    let _ = portability::output::csv(&report);
}
