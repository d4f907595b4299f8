//! `jinmen assess`.

use std::fs;

use crate::program::{json, run};

#[test]
fn a_tree_is_assessed_the_same_each_time_and_a_gate_closes_on_what_is_new() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("product");
    fs::create_dir(&source).unwrap();
    fs::write(
        source.join("a.c"),
        "#ifdef __x86_64__\nint a = _mm_popcnt_u64(1);\n#endif\nint b = _mm_popcnt_u64(1);\n",
    )
    .unwrap();
    fs::write(source.join("odd.zzz"), "nobody reads this").unwrap();
    std::os::unix::fs::symlink("/", source.join("up")).unwrap();
    let path = source.to_str().unwrap();

    let report = run(&["assess", path, "--format", "json"]);
    assert_eq!(report.status.code(), Some(0));
    assert_eq!(report.stdout, run(&["assess", path, "--format", "json"]).stdout);
    let found = json(&report);
    let blockers: Vec<_> = found["findings"].as_array().unwrap().iter().filter(|one| one["blocker"] == true).collect();
    assert_eq!(blockers.len(), 1, "{found}");
    assert_eq!((blockers[0]["path"].as_str(), blockers[0]["line"].as_u64()), (Some("a.c"), Some(4)));
    let left_out: Vec<_> = found["not_examined"].as_array().unwrap().iter().map(|one| one["path"].as_str()).collect();
    assert_eq!(left_out, [Some("odd.zzz"), Some("up")]);

    let baseline = folder.path().join("before.json");
    fs::write(&baseline, &report.stdout).unwrap();
    let gate =
        |on: &str| run(&["assess", path, "--fail-on", on, "--baseline", baseline.to_str().unwrap()]).status.code();
    assert_eq!((gate("blocker"), gate("new-blocker")), (Some(1), Some(0)));
    fs::write(source.join("b.c"), "int c = _mm_popcnt_u64(1);\n").unwrap();
    assert_eq!(gate("new-blocker"), Some(1));
}

#[test]
fn what_cannot_be_assessed_is_named() {
    let missing = run(&["assess", "no/such/place"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("no/such/place"));
    let endless = run(&["assess", "/dev/zero"]);
    assert_eq!(endless.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&endless.stderr).contains("neither a folder nor a file"));
    assert_eq!(run(&["assess", ".", "--target", "mips"]).status.code(), Some(2));
    assert_eq!(run(&["assess", ".", "--fail-on", "new-blocker"]).status.code(), Some(2));
}

#[test]
fn a_repository_leaves_out_what_it_ignores_and_does_not_track() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let git = |arguments: &[&str]| {
        let status = std::process::Command::new("git").arg("-C").arg(root).args(arguments).status().unwrap();
        assert!(status.success(), "{arguments:?}");
    };
    git(&["init", "--quiet"]);
    let source = "int b = _mm_popcnt_u64(1);\n";
    fs::create_dir_all(root.join("out/kept")).unwrap();
    fs::write(root.join(".gitignore"), "out/\n*.tmp.c\n").unwrap();
    for name in ["a.c", "b.tmp.c", "out/c.c", "out/kept/d.c"] {
        fs::write(root.join(name), source).unwrap();
    }
    git(&["add", "--force", "a.c", "out/kept/d.c"]);
    let found = json(&run(&["assess", root.to_str().unwrap(), "--format", "json"]));
    let paths: Vec<_> = found["findings"].as_array().unwrap().iter().map(|one| one["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["a.c", "out/kept/d.c"]);
    let left_out: Vec<_> =
        found["not_examined"].as_array().unwrap().iter().map(|one| one["path"].as_str().unwrap()).collect();
    assert_eq!(left_out, ["b.tmp.c", "out/c.c"]);
}

/// A small product with something of every profile and a dependency.
fn product() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.c"), "#include <immintrin.h>\n").unwrap();
    fs::write(folder.path().join("go.mod"), "module x\n\nrequire go.etcd.io/bbolt v1.3.6\n").unwrap();
    fs::write(folder.path().join("application.yml"), "url: jdbc:mysql://<db>/x\n").unwrap();
    folder
}

#[test]
fn every_format_says_the_same_each_time_and_needs_no_network() {
    let folder = product();
    let path = folder.path().to_str().unwrap();
    for format in ["text", "json", "sarif", "html", "csv", "cyclonedx", "spdx"] {
        let usual = run(&["assess", path, "--format", format]);
        assert_eq!(usual.status.code(), Some(0), "{format}");
        // A namespace of its own has no network but the loop.
        let alone = std::process::Command::new("unshare")
            .args([
                "--user",
                "--map-root-user",
                "--net",
                env!("CARGO_BIN_EXE_jinmen"),
                "assess",
                path,
                "--format",
                format,
            ])
            .output()
            .unwrap();
        assert!(alone.status.success(), "{}", String::from_utf8_lossy(&alone.stderr));
        assert_eq!(usual.stdout, alone.stdout, "{format}");
    }
}

#[test]
fn a_page_and_a_terminal_speak_chinese_and_show_what_was_found_as_text() {
    let folder = product();
    let path = folder.path().to_str().unwrap();
    let page = String::from_utf8(run(&["assess", path, "--format", "html", "--lang", "zh"]).stdout).unwrap();
    assert!(page.contains("<html lang=\"zh-CN\">") && page.contains("x86 编译器的头文件") && page.contains("依赖组件"));
    assert!(
        page.contains("&lt;db&gt;") && !page.contains("<db>") && !page.contains("<script") && !page.contains("src=")
    );
    let text = String::from_utf8(run(&["assess", path, "--lang", "zh"]).stdout).unwrap();
    assert!(text.contains("人天"), "{text}");
    // Verdicts are keys for programs: they stay as they are.
    let found = json(&run(&["assess", path, "--format", "json", "--lang", "zh"]));
    assert_eq!(found["verdicts"]["aarch64"]["verdict"], "small change");
    assert_eq!(found["findings"][0]["message"], "x86 编译器的头文件");
}
