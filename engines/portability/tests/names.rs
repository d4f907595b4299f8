//! What is found by names that other files give: headers of Windows, functions that C# declares, modules of Rust, pages.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

mod cases;

use cases::{only, report};

#[test]
fn functions_of_windows_count_where_its_headers_are_seen() {
    let source = ("a.c", "#include \"base.h\"\nvoid f(HWND w) {\n  ShowScrollBar(w, 1, 1);\n}\n");
    only(
        &[("base.h", "#include <windows.h>\n"), source],
        &[("a.c", 2, "windows-api"), ("a.c", 3, "windows-api"), ("base.h", 1, "windows-api")],
    );
    only(&[("base.h", "typedef struct window *HWND;\n"), source], &[]);
    only(&[("base.h", "#ifdef _WIN32\n#include <windows.h>\n#endif\n"), source], &[]);
}

#[test]
fn calls_of_functions_that_csharp_declares_from_windows() {
    let native =
        ("N.cs", "static class N {\n  [DllImport(\"user32.dll\")]\n  public static extern bool HideCaret(int a);\n}\n");
    let caller = ("A.cs", "class A {\n  void F() { N.HideCaret(1); }\n}\n");
    only(&[native, caller], &[("A.cs", 2, "windows-api"), ("N.cs", 2, "windows-api"), ("N.cs", 3, "windows-api")]);
    let asks = (
        "N.cs",
        "static class N {\n  bool w = OperatingSystem.IsWindows();\n  [DllImport(\"user32.dll\")]\n  public static extern bool HideCaret(int a);\n}\n",
    );
    only(&[asks, caller], &[]);
}

#[test]
fn frameworks_of_a_project_are_weighed_together() {
    only(
        &[("a.csproj", "<TargetFrameworks>net472;net8.0-windows</TargetFrameworks>\n")],
        &[("a.csproj", 1, "dotnet-framework")],
    );
    only(&[("a.csproj", "<TargetFrameworks>net472;net8.0</TargetFrameworks>\n")], &[]);
    only(&[("a.csproj", "<TargetFramework>net48</TargetFramework>\n")], &[("a.csproj", 1, "dotnet-framework")]);
    only(&[("a.csproj", "<TargetFramework>netstandard2.0</TargetFramework>\n")], &[]);
}

#[test]
fn programs_that_ask_for_the_machine_and_give_up() {
    only(
        &[("a.go", "package a\n\nfunc F() {\n\tif runtime.GOARCH != \"amd64\" {\n\t\tpanic(\"no\")\n\t}\n}\n")],
        &[("a.go", 5, "arch-detect")],
    );
    only(&[("a.go", "package a\n\nfunc F() {\n\tif runtime.GOARCH == \"386\" {\n\t\tpanic(\"no\")\n\t}\n}\n")], &[]);
    let java = "class A {\n  void f() {\n    String arch = System.getProperty(\"os.arch\");\n    switch (arch) {\n      case \"amd64\": break;\n      default: throw new RuntimeException(arch);\n    }\n  }\n}\n";
    only(&[("A.java", java)], &[("A.java", 6, "arch-detect")]);
    let build = "fn main() {\n  let arch = env::var(\"CARGO_CFG_TARGET_ARCH\").unwrap();\n  match arch.as_str() {\n    \"x86_64\" => {}\n    \"aarch64\" => {}\n    _ => panic!(),\n  }\n}\n";
    let found = report(&[("build.rs", build.as_bytes())]);
    let one = found.findings.iter().find(|one| one.blocker).unwrap();
    assert_eq!((one.line, one.targets.len()), (6, 4));
}

#[test]
fn branches_of_cfg_if_and_names_across_files_of_rust() {
    let chain = "cfg_if! {\n  if #[cfg(target_arch = \"x86_64\")] {\n    mod x86;\n  } else if #[cfg(target_arch = \"aarch64\")] {\n    mod arm;\n  } else {\n    compile_error!(\"no\");\n  }\n}\n";
    let found = report(&[("src/lib.rs", chain.as_bytes())]);
    let one = found.findings.iter().find(|one| one.blocker).unwrap();
    assert_eq!((one.line, one.targets.contains(&"aarch64".to_owned())), (7, false));
    let arch = ("src/arch.rs", "#[cfg(target_arch = \"x86_64\")]\npub fn swap() {}\n");
    let user = ("src/stack.rs", "pub fn go() {\n  crate::arch::swap();\n}\n");
    only(&[("src/lib.rs", "pub mod arch;\npub mod stack;\n"), arch, user], &[("src/stack.rs", 2, "rust-cfg")]);
    let both = (
        "src/arch.rs",
        "#[cfg(target_arch = \"x86_64\")]\npub fn swap() {}\n#[cfg(not(target_arch = \"x86_64\"))]\npub fn swap() {}\n",
    );
    only(&[("src/lib.rs", "pub mod arch;\npub mod stack;\n"), both, user], &[]);
    let generic =
        "#[cfg(target_arch = \"x86_64\")]\nfn f<A, B>(a: A, b: B) {\n  let _ = core::arch::x86_64::_rdtsc();\n}\n";
    only(&[("src/a.rs", generic)], &[]);
}

#[test]
fn pages_by_what_they_are_used_for() {
    let maps = "#include <sys/mman.h>\n";
    only(
        &[("a.c", &format!("{maps}#define CHUNK 4096\nvoid f(void *p) {{\n  mprotect(p, CHUNK, 1);\n}}\n"))],
        &[("a.c", 2, "page-size")],
    );
    only(&[("a.c", &format!("{maps}#define CHUNK 4096\nchar buffer[CHUNK];\n"))], &[]);
    only(&[("a.c", "int f(void) {\n  if (sysconf(_SC_PAGESIZE) != 4096) abort();\n}\n")], &[("a.c", 2, "page-size")]);
    only(
        &[("a.c", &format!("{maps}void *f(int d) {{\n  return mmap(0, 9, 1, 2, d, 4096 * 3);\n}}\n"))],
        &[("a.c", 3, "page-size")],
    );
    only(
        &[
            ("p.h", "#define PAGE_SIZE 4096\n"),
            (
                "a.c",
                &format!("{maps}#include \"p.h\"\nvoid *f(long a) {{\n  return (void *)(a & ~(PAGE_SIZE - 1));\n}}\n"),
            ),
        ],
        &[("p.h", 1, "page-size")],
    );
    only(
        &[("p.h", "#define PAGE_SIZE 4096\n"), ("a.c", &format!("{maps}#include \"p.h\"\nint rows = PAGE_SIZE;\n"))],
        &[],
    );
}

#[test]
fn go_without_bodies_in_every_form_and_tags_that_nobody_sets() {
    let assembly = ("p/a_amd64.s", "TEXT \u{b7}find(SB), $0\n\tMOVQ x+0(FP), AX\n");
    only(&[("p/a.go", "package p\n\nfunc find(x interface{}) uintptr\n"), assembly], &[("p/a.go", 3, "go-stub")]);
    only(&[("p/a.go", "package p\n\nfunc find(\n\ta []byte,\n) int\n"), assembly], &[("p/a.go", 3, "go-stub")]);
    let tagged = "//go:build (!amd64 && !386) || special\n\npackage p\n\nfunc sum() {}\n";
    only(
        &[
            ("p/p.go", "package p\n\nfunc Use() { sum() }\n"),
            ("p/s.go", tagged),
            ("p/s_amd64.go", "package p\n\nfunc sum() {}\n"),
        ],
        &[],
    );
}

#[test]
fn languages_without_a_port_are_said_and_stop_nothing() {
    let found = report(&[("Cargo.toml", b"[package]\nname = \"a\"\n"), ("src/main.rs", b"fn main() {}\n")]);
    assert!(found.findings.iter().all(|one| !one.blocker));
    let said = found.findings.iter().find(|one| one.message == "no Rust target exists for this CPU").unwrap();
    assert_eq!(said.targets, ["loongarch64-abi1", "sw_64"]);
    assert_eq!(
        (found.verdicts["sw_64"].verdict.as_str(), found.verdicts["riscv64"].verdict.as_str()),
        ("unknown", "rebuild")
    );
}
