//! Dependencies from manifests and lock files, what the catalogue says of them, and bills of materials.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use portability::{InMemory, Options, Report, assess, output};

fn report(files: &[(&str, &str)]) -> Report {
    let tree: InMemory = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    assess("packages", &tree, Vec::new(), &Options::default(), &|_, _| {})
}

/// Package URLs with the line of their first place.
#[track_caller]
fn named(file: &str, text: &str, wanted: &[(&str, u32)]) {
    let found = report(&[(file, text)]).components;
    let found: Vec<(&str, u32)> = found.iter().map(|one| (one.purl.as_str(), one.places[0].line)).collect();
    assert_eq!(found, wanted);
}

const POM: &str = "<project>\n<properties><jna.version>5.5.0</jna.version></properties>\n<dependencyManagement><dependencies>\n\
    <dependency><groupId>a.b</groupId><artifactId>managed</artifactId><version>1.0</version></dependency>\n\
    </dependencies></dependencyManagement>\n<dependencies>\n<dependency>\n<groupId>net.java.dev.jna</groupId>\n\
    <artifactId>jna</artifactId>\n<version>${jna.version}</version>\n</dependency>\n\
    <dependency><groupId>a.b</groupId><artifactId>managed</artifactId></dependency>\n\
    <dependency><groupId>junit</groupId><artifactId>junit</artifactId><version>4.12</version><scope>test</scope></dependency>\n\
    </dependencies>\n</project>\n";

#[test]
fn maven_and_gradle_with_properties_management_and_variables() {
    named(
        "pom.xml",
        POM,
        &[
            ("pkg:maven/a.b/managed@1.0", 12),
            ("pkg:maven/junit/junit@4.12", 13),
            ("pkg:maven/net.java.dev.jna/jna@5.5.0", 9),
        ],
    );
    let gradle = "def snappy = '1.1.2'\ndependencies {\n  implementation \"org.xerial.snappy:snappy-java:$snappy\"\n\
        \x20 api group: 'a.b', name: 'c', version: '2.0'\n  testImplementation 'junit:junit:4.12'\n  // implementation 'x:y:1'\n}\n";
    named(
        "build.gradle",
        gradle,
        &[
            ("pkg:maven/a.b/c@2.0", 4),
            ("pkg:maven/junit/junit@4.12", 5),
            ("pkg:maven/org.xerial.snappy/snappy-java@1.1.2", 3),
        ],
    );
    named("gradle.lockfile", "# comment\na.b:c:1.0=compileClasspath\n", &[("pkg:maven/a.b/c@1.0", 2)]);
    let versions = "[versions]\nc = \"3.1\"\n[libraries]\none = { module = \"a.b:c\", version.ref = \"c\" }\n";
    named("gradle/libs.versions.toml", versions, &[("pkg:maven/a.b/c@3.1", 4)]);
}

#[test]
fn packages_of_python() {
    let text = "numpy==1.16.0 ; python_version < '3'\nRequests[security]>=2.0  # open\n-r other.txt\nhttps://example.org/a.whl\n";
    named("requirements.txt", text, &[("pkg:pypi/numpy@1.16.0", 1), ("pkg:pypi/requests", 2)]);
    let lock = "[[package]]\nname = \"Some_Name\"\nversion = \"1.2\"\n\n[package.dependencies]\nother = \"*\"\n";
    named("poetry.lock", lock, &[("pkg:pypi/some-name@1.2", 2)]);
    let pipfile =
        "{\"default\": {\n\"a\": {\"version\": \"==1.0\"}},\n\"develop\": {\n\"b\": {\"version\": \"==2.0\"}}}";
    named("Pipfile.lock", pipfile, &[("pkg:pypi/a@1.0", 2), ("pkg:pypi/b@2.0", 4)]);
    named("pyproject.toml", "[project]\ndependencies = [\n  \"a==1.0\",\n]\n", &[("pkg:pypi/a@1.0", 3)]);
}

#[test]
fn packages_of_node_from_three_kinds_of_lock_files() {
    let npm =
        "{\"packages\": {\"\": {\"name\": \"x\"},\n\"node_modules/@a/b\": {\"version\": \"1.0.0\", \"dev\": true}}}";
    named("package-lock.json", npm, &[("pkg:npm/%40a/b@1.0.0", 2)]);
    let yarn = "# yarn\n\"@a/b@^1.0\", \"@a/b@^1.1\":\n  version \"1.2.0\"\nc@^2.0:\n  version \"2.1.0\"\n";
    named("yarn.lock", yarn, &[("pkg:npm/%40a/b@1.2.0", 2), ("pkg:npm/c@2.1.0", 4)]);
    let pnpm =
        "lockfileVersion: '6.0'\npackages:\n  /@a/b@1.0.0:\n    resolution: {}\n  /c/2.0.0:\n    resolution: {}\n";
    named("pnpm-lock.yaml", pnpm, &[("pkg:npm/%40a/b@1.0.0", 3), ("pkg:npm/c@2.0.0", 5)]);
}

#[test]
fn a_manifest_takes_its_versions_from_the_lock_file_beside_it() {
    let lock = "{\"packages\": {\"node_modules/esbuild\": {\"version\": \"0.12.0\"}}}";
    let found = report(&[
        ("web/package.json", "{\"dependencies\": {\"esbuild\": \"^0.12\"}}"),
        ("web/package-lock.json", lock),
    ]);
    let paths: Vec<&str> = found.components[0].places.iter().map(|seen| seen.path.as_str()).collect();
    assert_eq!((found.components.len(), paths), (1, vec!["web/package-lock.json", "web/package.json"]));
}

#[test]
fn go_cargo_conan_and_nuget() {
    let go = "module x\nrequire (\n\tgo.etcd.io/bbolt v1.3.6\n)\nrequire a.b/c v0.1.0 // indirect\n";
    named("go.mod", go, &[("pkg:golang/a.b/c@v0.1.0", 5), ("pkg:golang/go.etcd.io/bbolt@v1.3.6", 3)]);
    named("Cargo.lock", "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n", &[("pkg:cargo/a@1.0.0", 2)]);
    named("Cargo.toml", "[dependencies]\na = \"1\"\nb = { path = \"../b\" }\n", &[("pkg:cargo/a", 2)]);
    named("conanfile.txt", "[requires]\nzlib/1.2.11@u/c\n[options]\na/1\n", &[("pkg:conan/zlib@1.2.11", 2)]);
    named(
        "conanfile.py",
        "class A:\n    requires = \"zlib/1.3\", \"b/2.0\"\n",
        &[("pkg:conan/b@2.0", 2), ("pkg:conan/zlib@1.3", 2)],
    );
    named("conan.lock", "{\"requires\": [\n\"zlib/1.3#abc%1\"]}", &[("pkg:conan/zlib@1.3", 2)]);
    named(
        "packages.config",
        "<packages>\n<package id=\"A.B\" version=\"1.0\" />\n</packages>",
        &[("pkg:nuget/A.B@1.0", 2)],
    );
    named("a.csproj", "<P>\n<PackageReference Include=\"A\" Version=\"2.0\"/>\n</P>", &[("pkg:nuget/A@2.0", 2)]);
    named(
        "packages.lock.json",
        "{\"dependencies\": {\"net8.0\": {\n\"A\": {\"resolved\": \"2.0\"}}}}",
        &[("pkg:nuget/A@2.0", 2)],
    );
}

#[test]
fn what_the_catalogue_knows_is_found_at_the_line_with_its_evidence() {
    let found = report(&[("go.mod", "module x\n\nrequire go.etcd.io/bbolt v1.3.6\n")]);
    let one = found.findings.iter().find(|one| one.blocker).unwrap();
    assert_eq!((one.path.as_str(), one.line, one.kind.as_str()), ("go.mod", 3, "go-build-tag"));
    assert_eq!(one.targets, ["loongarch64"]);
    assert!(one.evidence.contains("loongarch64: from 1.3.7") && one.evidence.contains("https://"), "{}", one.evidence);
    let newer = report(&[("go.mod", "module x\n\nrequire go.etcd.io/bbolt v1.3.7\n")]);
    assert!(newer.findings.iter().all(|one| !one.blocker));
    // A version that nobody says is not taken for an old one; what no version serves is.
    assert!(
        report(&[("package.json", "{\"dependencies\": {\"esbuild\": \"*\"}}")])
            .findings
            .iter()
            .all(|one| one.targets == ["sw_64"])
    );
    assert!(report(&[("requirements.txt", "mkl\n")]).findings.iter().any(|one| one.blocker));
    // For development only, or with another way, it is a note.
    assert!(
        report(&[("package.json", "{\"devDependencies\": {\"esbuild\": \"0.1.0\"}}")])
            .findings
            .iter()
            .all(|one| !one.blocker)
    );
    assert!(report(&[("requirements.txt", "numpy==1.16.0\n")]).findings.iter().all(|one| !one.blocker));
}

#[test]
fn strangers_manifests_cannot_break_a_report() {
    for (name, text) in [
        ("package-lock.json", "{\"packages\": {\"node_modules/<script>\": {\"version\": \"1\"}}}"),
        ("requirements.txt", "=== \u{0}\n[\n==1\n"),
        ("pom.xml", "<project><dependencies><dependency><groupId>${a}</groupId><artifactId>${b"),
        ("Cargo.lock", "[[package]]\nversion = \"1\"\nname = \"../../x y\"\n"),
        ("yarn.lock", "@:\n  version\n:\n"),
        ("go.mod", "require (\nrequire (\n)"),
        ("conan.lock", "[[[["),
        ("packages.config", "<package id=\"a\" version=\"1\""),
    ] {
        assert_eq!(report(&[(name, text)]).components, [], "{name}");
    }
}

#[test]
fn bills_of_materials_name_every_package_once_and_are_the_same_each_time() {
    let files = [("pom.xml", POM), ("requirements.txt", "mkl\n")];
    let found = report(&files);
    let bom: serde_json::Value = serde_json::from_str(&output::cyclonedx(&found)).unwrap();
    assert_eq!((bom["specVersion"].as_str(), bom["components"].as_array().map(Vec::len)), (Some("1.6"), Some(4)));
    let junit = bom["components"].as_array().unwrap().iter().find(|one| one["name"] == "junit").unwrap();
    assert_eq!((junit["group"].as_str(), junit["scope"].as_str()), (Some("junit"), Some("excluded")));
    let document: serde_json::Value = serde_json::from_str(&output::spdx(&found, "2025-06-30T00:00:00Z")).unwrap();
    assert_eq!(document["packages"].as_array().map(Vec::len), Some(5));
    assert_eq!(document["relationships"].as_array().map(Vec::len), Some(5));
    let again = report(&files);
    assert_eq!(output::cyclonedx(&found), output::cyclonedx(&again));
    assert_ne!(output::cyclonedx(&found), output::cyclonedx(&report(&files[..1])));
}
