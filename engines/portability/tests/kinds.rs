//! One small case of our own for each kind, and the hard negatives beside it.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use std::io::Write;

use portability::{Finding, InMemory, Options, Report, assess};

fn report(files: &[(&str, &[u8])]) -> Report {
    let tree: InMemory = files.iter().copied().collect();
    assess("cases", &tree, Vec::new(), &Options::default(), &|_, _| {})
}

/// The blockers as (path, line, kind).
fn blockers(files: &[(&str, &str)]) -> Vec<(String, u32, String)> {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let take = |finding: Finding| finding.blocker.then_some((finding.path, finding.line, finding.kind));
    report(&files).findings.into_iter().filter_map(take).collect()
}

#[track_caller]
fn only(files: &[(&str, &str)], wanted: &[(&str, u32, &str)]) {
    let found = blockers(files);
    let found: Vec<(&str, u32, &str)> =
        found.iter().map(|(path, line, kind)| (path.as_str(), *line, kind.as_str())).collect();
    assert_eq!(found, wanted);
}

#[test]
fn intrinsics_without_another_way_are_blockers_at_their_lines() {
    only(
        &[("a.c", "#include <immintrin.h>\nint f(void) {\n  return _mm_popcnt_u64(1);\n}\n")],
        &[("a.c", 1, "x86-header"), ("a.c", 3, "intrinsics")],
    );
}

#[test]
fn guarded_intrinsics_are_no_blockers() {
    only(
        &[(
            "a.c",
            "#if defined(__x86_64__) || defined(_M_X64)\n#include <immintrin.h>\n#endif\n#ifdef __SSE2__\nint a = _mm_x();\n#else\nint a;\n#endif\n",
        )],
        &[],
    );
    only(
        &[(
            "a.c",
            "#ifdef HAVE_AVX2\nint a = _mm256_x();\n#endif\n// _mm_in_comment()\nchar *s = \"_mm_in_text()\";\n",
        )],
        &[],
    );
    only(&[("a.c", "int simde_mm_add(void);\n")], &[]);
}

#[test]
fn guards_go_along_with_includes_and_macros_of_the_tree() {
    let header = ("x.h", "int a = _mm_x();\n");
    only(&[("a.c", "#ifdef __x86_64__\n#include \"x.h\"\n#endif\n"), header], &[]);
    only(&[("a.c", "#include \"x.h\"\n"), header], &[("x.h", 1, "intrinsics")]);
    let config = ("c.h", "#if defined(__x86_64__)\n#define FAST 1\n#else\n#define FAST 0\n#endif\n");
    only(&[("a.c", "#include \"c.h\"\n#if FAST\nint a = _mm_x();\n#endif\n"), config], &[]);
    only(&[("a.c", "#include \"c.h\"\n#if !FAST\nint a = _mm_x();\n#endif\n"), config], &[("a.c", 3, "intrinsics")]);
}

#[test]
fn includes_in_a_ring_end() {
    only(
        &[("a.h", "#include \"b.h\"\nint a = _mm_x();\n"), ("b.h", "#include \"a.h\"\n")],
        &[("a.h", 2, "intrinsics")],
    );
}

#[test]
fn a_refusal_of_the_cpu_is_a_blocker_and_another_refusal_is_not() {
    only(
        &[(
            "a.c",
            "#if defined(__x86_64__)\nint a;\n#elif defined(__i386__)\nint a;\n#else\n#error \"unsupported\"\n#endif\n",
        )],
        &[("a.c", 6, "arch-error")],
    );
    only(&[("a.c", "#ifndef CONFIG_H\n#error \"run configure\"\n#endif\n")], &[]);
}

#[test]
fn a_refusal_names_the_targets_it_refuses() {
    let text = b"#if defined(__x86_64__)\n#elif defined(__aarch64__)\n#else\n#error no\n#endif\n";
    let found = report(&[("a.c", text)]);
    assert_eq!(found.findings[0].targets, ["loongarch64", "loongarch64-abi1", "riscv64", "sw_64"]);
    assert_eq!(found.verdicts["aarch64"].verdict, "rebuild");
}

#[test]
fn inline_assembly_of_x86_but_not_of_nobody() {
    only(&[("a.c", "void f(void) {\n  __asm__ volatile(\"cpuid\" : \"=a\"(a));\n}\n")], &[("a.c", 2, "inline-asm")]);
    only(
        &[("a.c", "void f(void) {\n  asm volatile(\"\" ::: \"memory\");\n}\nextern int f(void) asm(\"f_2\");\n")],
        &[],
    );
}

#[test]
fn assembly_files() {
    only(&[("a.s", "mov %rax, %rbx\nadd %rdi, %rax\n")], &[("a.s", 0, "asm-source")]);
    only(&[("x86/a.s", "mov %rax, %rbx\nadd %rdi, %rax\n")], &[]);
    only(&[("a.S", "#ifdef __x86_64__\nmov %rax, %rbx\nadd %rdi, %rax\n#endif\n")], &[]);
}

#[test]
fn plain_char_where_it_is_stored_or_compared() {
    only(
        &[("a.c", "int main(int n, char **v) {\n  char c;\n  while ((c = getopt(n, v, \"a\")) != -1) {}\n}\n")],
        &[("a.c", 3, "char-sign")],
    );
    only(&[("a.c", "int main(int n, char **v) {\n  int c;\n  while ((c = getopt(n, v, \"a\")) != -1) {}\n}\n")], &[]);
    only(&[("a.c", "void f(void) {\n  signed char c = -1;\n  char *s;\n  if (s[0] < 0) {}\n}\n")], &[]);
}

#[test]
fn pages_and_spins() {
    only(&[("a.c", "#include <sys/mman.h>\n#define PAGE_SIZE 4096\n")], &[("a.c", 2, "page-size")]);
    only(&[("a.c", "#define PAGE_SIZE 4096\nint rows;\n")], &[]);
    only(&[("a.c", "volatile int ready;\nvoid f(void) {\n  while (!ready);\n}\n")], &[("a.c", 3, "memory-order")]);
}

#[test]
fn go_packages() {
    let user = ("p/p.go", "package p\nfunc Use() { sum() }\n");
    only(&[user, ("p/sum_amd64.go", "package p\nfunc sum()\n")], &[("p/sum_amd64.go", 0, "go-build-tag")]);
    only(
        &[
            user,
            ("p/sum_amd64.go", "package p\nfunc sum()\n"),
            ("p/sum_other.go", "//go:build !amd64\n\npackage p\nfunc sum() {\n\twork()\n}\n"),
        ],
        &[],
    );
    only(
        &[
            ("p/p.go", "package p\nfunc Use() { sum() }\n"),
            ("p/s_amd64.go", "package p\nfunc sum() error\n"),
            ("p/s.go", "//go:build !amd64\n\npackage p\nfunc sum() error {\n\treturn errors.New(\"unsupported\")\n}\n"),
        ],
        &[("p/s.go", 4, "go-stub")],
    );
}

#[test]
fn rust_under_cfg_and_outside() {
    only(&[("src/lib.rs", "use core::arch::x86_64::*;\n")], &[("src/lib.rs", 1, "rust-intrinsics")]);
    only(
        &[
            (
                "src/lib.rs",
                "#[cfg(target_arch = \"x86_64\")]\nuse core::arch::x86_64::*;\n#[cfg(target_arch = \"x86_64\")]\nmod fast;\n",
            ),
            ("src/fast.rs", "use core::arch::x86_64::*;\n"),
        ],
        &[],
    );
    only(
        &[(
            "src/lib.rs",
            "#[cfg(not(any(target_arch = \"x86_64\", target_arch = \"x86\")))]\ncompile_error!(\"no\");\n",
        )],
        &[("src/lib.rs", 2, "rust-cfg")],
    );
}

#[test]
fn build_files() {
    only(&[("Makefile", "CFLAGS += -msse4.2\n")], &[("Makefile", 1, "compile-flag")]);
    only(
        &[(
            "CMakeLists.txt",
            "if(CMAKE_SYSTEM_PROCESSOR MATCHES \"x86_64\")\n  add_compile_options(-mavx2)\nendif()\n# -mavx\n",
        )],
        &[],
    );
    only(&[("Dockerfile", "FROM --platform=linux/amd64 debian\n")], &[("Dockerfile", 1, "container-image")]);
}

#[test]
fn databases_and_ciphers_by_their_purpose() {
    only(&[("application.yml", "url: jdbc:mysql://db/x\n")], &[("application.yml", 1, "db-driver")]);
    only(&[("B.java", "if (Objects.isNull(x)) { Base64.decode(y); }\n")], &[]);
    only(&[("C.java", "String s = \"select group_concat(a) from b\";\n")], &[("C.java", 1, "sql-dialect")]);
    only(&[("a.sql", "create table a (id int auto_increment);\n-- auto_increment\n")], &[("a.sql", 1, "sql-dialect")]);
    only(
        &[("A.java", "String hash(String password) {\n  return DigestUtils.md5Hex(password);\n}\n")],
        &[("A.java", 2, "foreign-crypto")],
    );
    only(&[("A.java", "String etag(byte[] page) {\n  return DigestUtils.md5Hex(page);\n}\n")], &[]);
}

#[test]
fn systems_and_browsers() {
    only(
        &[("a.c", "#include <windows.h>\n#ifdef _WIN32\n#include <winsock2.h>\n#endif\n")],
        &[("a.c", 1, "windows-api")],
    );
    only(
        &[("a.csproj", "<TargetFrameworkVersion>v4.7.2</TargetFrameworkVersion>\n")],
        &[("a.csproj", 1, "dotnet-framework")],
    );
    only(&[("a.html", "<object classid=\"clsid:1-2\"></object>\n<!-- <applet> -->\n")], &[("a.html", 1, "activex")]);
    only(&[("A.cs", "var k = Registry.CurrentUser;\n")], &[("A.cs", 1, "windows-registry")]);
}

#[test]
fn documents_and_tests_stop_nobody() {
    let text = "#include <immintrin.h>\n";
    only(&[("tests/a.c", text), ("docs/b.c", text), ("bench/c.c", text), ("src/x86/d.c", text)], &[]);
}

/// The head of an ELF file for a machine.
fn elf(machine: u16) -> Vec<u8> {
    let mut bytes = vec![0; 64];
    bytes[..7].copy_from_slice(b"\x7fELF\x02\x01\x01");
    bytes[16] = 3;
    bytes[18..20].copy_from_slice(&machine.to_le_bytes());
    bytes[20] = 1;
    bytes[52] = 64;
    bytes
}

#[test]
fn siblings_of_a_good_library_are_no_fault() {
    let alone = report(&[("lib/liba.so", &elf(62))]);
    assert!(alone.findings[0].blocker);
    let both = report(&[("lib/x86_64/liba.so", &elf(62)), ("lib/aarch64/liba.so", &elf(183))]);
    assert!(both.findings.iter().all(|finding| !finding.blocker));
}

#[test]
fn archives_in_archives_are_read_and_the_loader_is_the_blocker() {
    let mut jar = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    jar.start_file("../../x86_64/liba.so", zip::write::SimpleFileOptions::default()).unwrap();
    jar.write_all(&elf(62)).unwrap();
    let jar = jar.finish().unwrap().into_inner();
    let mut war = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    war.start_file("lib/a.jar", zip::write::SimpleFileOptions::default()).unwrap();
    war.write_all(&jar).unwrap();
    let war = war.finish().unwrap().into_inner();
    let found = report(&[("a.war", &war)]);
    assert_eq!(
        (found.findings[0].path.as_str(), found.findings[0].kind.as_str()),
        ("a.war!/lib/a.jar!/x86_64/liba.so", "jar-native")
    );
    let found = report(&[("a.war", &war), ("A.java", b"class A {\n  static { System.loadLibrary(\"a\"); }\n}\n")]);
    let blockers: Vec<&Finding> = found.findings.iter().filter(|finding| finding.blocker).collect();
    assert_eq!(blockers.len(), 1);
    assert_eq!((blockers[0].path.as_str(), blockers[0].line), ("A.java", 2));
}

#[test]
fn what_was_not_read_is_listed() {
    let found = report(&[("a.xz", b"\xfd7zXZ\0..."), ("b.zip", b"PK\x03\x04 broken"), ("c.so", b"\x7fELF")]);
    let skipped: Vec<&str> = found.not_examined.iter().map(|skipped| skipped.path.as_str()).collect();
    assert_eq!(skipped, ["a.xz", "b.zip", "c.so"]);
}
