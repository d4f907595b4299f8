//! One small case of our own for each kind, and the hard negatives beside it.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

mod cases;

use std::io::Write;

use cases::{only, report};

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
    only(
        &[user, ("p/sum_amd64.go", "package p\nfunc sum()\n")],
        &[("p/p.go", 2, "go-build-tag"), ("p/sum_amd64.go", 0, "go-build-tag")],
    );
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
        &[("p/s.go", 5, "go-stub")],
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
        ("a.war!/lib/a.jar", "nested-archive")
    );
    let found = report(&[("a.war", &war), ("A.java", b"class A {\n  static { System.loadLibrary(\"a\"); }\n}\n")]);
    let blockers: Vec<(&str, u32)> = found
        .findings
        .iter()
        .filter(|finding| finding.blocker)
        .map(|finding| (finding.path.as_str(), finding.line))
        .collect();
    assert_eq!(blockers, [("A.java", 2), ("a.war!/lib/a.jar", 0)]);
}

#[test]
fn what_was_not_read_is_listed() {
    let found = report(&[("a.xz", b"\xfd7zXZ\0..."), ("b.zip", b"PK\x03\x04 broken"), ("c.so", b"\x7fELF")]);
    let skipped: Vec<&str> = found.not_examined.iter().map(|skipped| skipped.path.as_str()).collect();
    assert_eq!(skipped, ["a.xz", "b.zip", "c.so"]);
}

#[test]
fn build_files_carry_their_branches_to_the_sources_they_add() {
    let source = ("src/fast.c", "#include <immintrin.h>\n");
    let cmake = "if(CMAKE_SYSTEM_PROCESSOR MATCHES \"x86_64\")\n  target_sources(a PRIVATE src/fast.c)\nendif()\n";
    only(&[("CMakeLists.txt", cmake), source], &[]);
    only(&[("CMakeLists.txt", "add_library(a src/fast.c)\n"), source], &[("src/fast.c", 1, "x86-header")]);
    only(&[("Makefile", "ifeq ($(ARCH),x86_64)\nOBJS += fast.o\nendif\n"), source], &[]);
    only(&[("Makefile.am", "if HAVE_X86\nliba_SOURCES += src/fast.c\nendif\n"), source], &[]);
    only(&[("meson.build", "if host_machine.cpu_family() == 'x86_64'\n  src += 'src/fast.c'\nendif\n"), source], &[]);
    only(
        &[
            (
                "BUILD.bazel",
                "srcs = select({\n  \"//c:x86_64\": [\"src/fast.c\"],\n  \"//conditions:default\": [],\n})\n",
            ),
            source,
        ],
        &[],
    );
    only(
        &[("CMakeLists.txt", "if(WIN32)\n  add_subdirectory(desk)\nendif()\n"), ("desk/a.c", "#include <windows.h>\n")],
        &[],
    );
}

#[test]
fn files_that_only_a_project_of_visual_studio_lists_are_for_windows() {
    let project = ("a.vcxproj", "<ClCompile Include=\"desk.c\" />\n<PlatformToolset>v143</PlatformToolset>\n");
    let desk = ("desk.c", "#include <windows.h>\n");
    only(&[("Makefile", "OBJS = main.o\n"), ("main.c", "int a;\n"), project, desk], &[]);
    only(&[project, desk], &[("a.vcxproj", 2, "build-tool"), ("desk.c", 1, "windows-api")]);
}

#[test]
fn macros_that_nobody_sets_take_code_away() {
    let code = "#ifdef MY_CYCLES\nint f(void) { return _rdtsc(); }\n#endif\n";
    only(&[("a.c", code)], &[]);
    only(&[("a.c", code), ("configure.ac", "AC_DEFINE([MY_CYCLES], 1)\n")], &[("a.c", 2, "intrinsics")]);
}

#[test]
fn names_that_the_tree_defines_itself_are_its_own() {
    only(
        &[("a.h", "#define closesocket close\n"), ("a.c", "#include \"a.h\"\nvoid f(int s) {\n  closesocket(s);\n}\n")],
        &[],
    );
    only(&[("a.c", "void f(int s) {\n  closesocket(s);\n}\n")], &[("a.c", 2, "windows-api")]);
}

#[test]
fn functions_that_exist_on_other_cpus_only_are_found_at_their_condition() {
    let caller = ("b.c", "void go(void);\nint use(void) {\n  switch_to(1);\n  return 0;\n}\n");
    let chain = "#if defined(__i386__)\nint switch_to(int a) {\n  return a;\n}\n#elif defined(__x86_64__)\nint switch_to(int a) {\n  return a;\n}\n#endif\n";
    only(&[("a.c", chain), caller], &[("a.c", 1, "arch-ifdef")]);
    let other =
        format!("{}#else\nint switch_to(int a) {{\n  return a;\n}}\n#endif\n", chain.trim_end_matches("#endif\n"));
    only(&[("a.c", &other), caller], &[]);
}

#[test]
fn what_takes_a_wide_cpu_for_x86() {
    let choice = "#if defined(__LP64__)\n#define BUILD_X64 1\n#else\n#define BUILD_X64 0\n#endif\n";
    only(&[("a.h", choice)], &[("a.h", 1, "arch-ifdef")]);
    only(&[("a.h", "#if defined(__x86_64__)\n#define BUILD_X64 1\n#endif\n")], &[]);
    only(&[("a.c", "const unsigned char jump_code[] = { 0xFF, 0x25 };\n")], &[("a.c", 1, "arch-ifdef")]);
    only(&[("a.c", "const unsigned char header[] = { 0xFF, 0x25 };\n")], &[]);
}

#[test]
fn another_systems_refusal_is_none() {
    only(&[("mac.c", "#ifndef __APPLE__\n#error \"for Mac\"\n#endif\n")], &[]);
    let own = "#if defined(SYS_A)\n#elif defined(SYS_B)\n#else\n#if defined(__linux__)\n#define SYS_A\n#endif\n#endif\n#if defined(SYS_A)\nint a;\n#else\n#error \"which?\"\n#endif\n";
    only(&[("a.h", own)], &[]);
}

#[test]
fn scripts_refuse_machines() {
    let script = "case \"$(uname -m)\" in\n  x86_64) a=1 ;;\n  aarch64) a=2 ;;\n  *) echo no; exit 1 ;;\nesac\n";
    only(&[("start.sh", script)], &[("start.sh", 4, "arch-detect")]);
    only(&[("run", &format!("#!/bin/sh\n{script}"))], &[("run", 5, "arch-detect")]);
    only(&[("start.sh", "case \"$1\" in\n  start) a=1 ;;\n  *) exit 1 ;;\nesac\n")], &[]);
    only(
        &[(
            "a.cmake",
            "if(CMAKE_SYSTEM_PROCESSOR MATCHES \"x86_64\")\nelse()\n  message(FATAL_ERROR \"no\")\nendif()\n",
        )],
        &[("a.cmake", 3, "arch-detect")],
    );
    let old = format!("# Configuration\n{}case i386 | sparc | aarch64)\n", "#\n".repeat(6000));
    let found = report(&[("config.sub", old.as_bytes())]);
    assert_eq!(found.findings[0].targets, ["loongarch64", "loongarch64-abi1", "riscv64", "sw_64"]);
    only(&[("config.sub", &old.replace("sparc", "loongarch64 | riscv64"))], &[]);
}

#[test]
fn a_wrapper_of_cpuid_is_called() {
    only(&[("a.c", "void f(void) {\n  lcpuid(0, 0, &out);\n}\n")], &[("a.c", 2, "cpu-detection")]);
    only(&[("a.c", "void lcpuid(int a);\n#ifdef __x86_64__\nvoid f(void) {\n  lcpuid(0);\n}\n#endif\n")], &[]);
}

#[test]
fn order_of_memory_by_the_compiler_alone() {
    only(&[("q.h", "void push() {\n  asm volatile(\"\" : : \"m\"(at) :);\n}\n")], &[("q.h", 2, "memory-order")]);
    only(&[("q.h", "void keep(int v) {\n  asm volatile(\"\" : : \"g\"(v) : \"memory\");\n}\n")], &[]);
    only(&[("q.h", "void pop() {\n  *(volatile int*)&at = at + 1;\n}\n")], &[("q.h", 2, "memory-order")]);
    only(&[("q.h", "void pop() {\n  at.store(1, std::memory_order_release);\n}\n")], &[]);
    only(
        &[("t.c", "#include <signal.h>\nvolatile int over;\nvoid f(void) {\n  signal(1, h);\n  while (!over);\n}\n")],
        &[],
    );
}

#[test]
fn signed_bytes_in_plain_char() {
    only(
        &[("a.c", "double f(unsigned char *in) {\n  char noise = in[3];\n  return (double)noise;\n}\n")],
        &[("a.c", 2, "char-sign")],
    );
    only(&[("a.c", "double f(unsigned char *in) {\n  signed char noise = in[3];\n  return (double)noise;\n}\n")], &[]);
    only(&[("a.c", "static const char table[] = {\n  1, -1, 2\n};\n")], &[("a.c", 2, "char-sign")]);
    only(&[("a.c", "static const signed char table[] = {\n  1, -1, 2\n};\n")], &[]);
    only(&[("a.c", "char f(void) {\n  return -1;\n}\n"), ("Makefile", "CFLAGS = -fsigned-char\n")], &[]);
}

#[test]
fn pages_are_masked_by_hand() {
    let mask = "#include <sys/mman.h>\nvoid f(void *ptr) {\n  mprotect((void *)((uintptr_t)ptr & ~0xfff), 1, 2);\n}\n";
    only(&[("a.c", mask)], &[("a.c", 3, "page-size")]);
    only(
        &[("a.c", "#include <sys/mman.h>\nint f(int a) {\n  char buffer[4096];\n  return read(0, buffer, 4096);\n}\n")],
        &[],
    );
}

#[test]
fn endianness_and_documents_are_notes() {
    let found =
        report(&[("a.c", b"#ifdef WORDS_BIGENDIAN\nint a;\n#endif\n"), ("README.md", b"Runs on x86_64 with MySQL.\n")]);
    let kinds: Vec<(&str, bool)> =
        found.findings.iter().map(|finding| (finding.kind.as_str(), finding.blocker)).collect();
    assert_eq!(kinds, [("doc", false), ("endianness", false)]);
}

#[test]
fn go_without_bodies_and_across_packages() {
    let bodiless = ("fast/f.go", "package fast\n\nfunc Dot(a []float32) float32\n");
    let amd64 = ("fast/f_amd64.s", "TEXT \u{b7}Dot(SB), $0\n\tMOVQ a+0(FP), AX\n");
    only(&[bodiless, amd64], &[("fast/f.go", 3, "go-stub")]);
    let arm64 = ("fast/f_arm64.s", "TEXT \u{b7}Dot(SB), $0\n\tMOVD a+0(FP), R0\n");
    let found =
        report(&[(bodiless.0, bodiless.1.as_bytes()), (amd64.0, amd64.1.as_bytes()), (arm64.0, arm64.1.as_bytes())]);
    let blocker = found.findings.iter().find(|one| one.blocker).unwrap();
    assert_eq!(blocker.targets, ["loongarch64", "loongarch64-abi1", "riscv64", "sw_64"]);
    only(
        &[
            ("m.go", "package m\n\nimport \"x/y/fast\"\n\nfunc Use() { fast.Sum() }\n"),
            ("y/fast/f_amd64.go", "package fast\n\nfunc Sum() {}\n"),
            ("y/fast/g.go", "package fast\n\nconst limit = 1\n"),
        ],
        &[("m.go", 5, "go-stub")],
    );
    only(
        &[("c.go", "package c\n\n// #cgo CFLAGS: -mavx2\nimport \"C\"\n"), ("c_avx.c", "#include <immintrin.h>\n")],
        &[("c.go", 3, "compile-flag"), ("c_avx.c", 1, "x86-header")],
    );
    only(&[("c.go", "package c\n\n// #cgo amd64 CFLAGS: -mavx2\nimport \"C\"\n")], &[]);
}

#[test]
fn rust_crates_items_and_assembly() {
    only(&[("src/lib.rs", "#![cfg(target_arch = \"x86_64\")]\npub fn a() {}\n")], &[("src/lib.rs", 1, "rust-cfg")]);
    let module = "#[cfg(target_arch = \"x86_64\")]\nmod fast;\npub use fast::*;\n";
    only(&[("src/lib.rs", module)], &[("src/lib.rs", 3, "rust-cfg")]);
    let both = "#[cfg(target_arch = \"x86_64\")]\nmod fast;\n#[cfg(not(target_arch = \"x86_64\"))]\nmod fast;\npub use fast::*;\n";
    only(&[("src/lib.rs", both)], &[]);
    only(&[("src/a.rs", "fn f() {\n    unsafe { asm!(\"rdtsc\") }\n}\n")], &[("src/a.rs", 2, "inline-asm")]);
    only(&[("src/a.rs", "#[cfg(target_arch = \"aarch64\")]\nfn f() {\n    unsafe { asm!(\"nop\") }\n}\n")], &[]);
}

#[test]
fn addons_of_node_and_their_other_ways() {
    let addon = ("bin/x64-linux.node", elf(62));
    let load = b"module.exports = require(`./bin/${process.arch}-linux.node`);\n";
    let caught =
        b"try { module.exports = require('./native.js'); } catch (e) { module.exports = require('./plain.js'); }\n";
    let found = report(&[
        (addon.0, &addon.1),
        ("native.js", load),
        ("index.js", b"const a = require('./native.js');\n"),
        ("safe.js", caught),
    ]);
    let blockers: Vec<(&str, u32, &str)> = found
        .findings
        .iter()
        .filter(|one| one.blocker)
        .map(|one| (one.path.as_str(), one.line, one.kind.as_str()))
        .collect();
    assert_eq!(blockers, [("index.js", 1, "node-addon"), ("native.js", 1, "node-addon")]);
}

#[test]
fn java_that_loads_what_windows_has() {
    only(&[("A.java", "class A {\n  String s = \"dll/Report.dll\";\n}\n")], &[("A.java", 2, "jni")]);
    only(&[("A.java", "class A {\n  String s = windows ? \"report.dll\" : \"libreport.so\";\n}\n")], &[]);
}

#[test]
fn wheels_in_requirements() {
    only(
        &[("requirements.txt", "https://x/a-1-py3-none-linux_x86_64.whl\nhttps://x/b-1-py3-none-any.whl\n")],
        &[("requirements.txt", 1, "python-wheel")],
    );
}

#[test]
fn images_by_their_catalogue() {
    let found = report(&[(
        "Dockerfile",
        b"FROM debian:9 AS base\nFROM base\nENV JAVA_HOME=/usr/lib/jvm/java-8-openjdk-amd64\n",
    )]);
    let places: Vec<(u32, usize)> =
        found.findings.iter().filter(|one| one.blocker).map(|one| (one.line, one.targets.len())).collect();
    assert_eq!(places, [(1, 4), (3, 5)]);
    only(&[("Dockerfile", "ARG BASE=debian:9\nFROM ${BASE}\nFROM scratch\n")], &[]);
    only(&[("compose.yml", "services:\n  db:\n    image: mysql:5.7\n")], &[("compose.yml", 3, "container-image")]);
}

#[test]
fn desks_of_windows() {
    only(
        &[("m.c", "int WINAPI WinMain(HINSTANCE a) {\n  RegisterHotKey(a, 1, 2, 3);\n}\n")],
        &[("m.c", 1, "windows-api"), ("m.c", 2, "windows-api")],
    );
    only(&[("A.cs", "[DllImport(\"vendor.dll\")]\n[DllImport(\"libc\")]\n")], &[("A.cs", 1, "windows-api")]);
    only(
        &[("a.csproj", "<Reference Include=\"PresentationFramework\" />\n<Reference Include=\"System.Core\" />\n")],
        &[("a.csproj", 1, "dotnet-framework")],
    );
    only(&[("A.java", "a = new ActiveXComponent(\"Word.application\");\n")], &[("A.java", 1, "office")]);
    only(&[("pom.xml", "<artifactId>jacob</artifactId>\n")], &[("pom.xml", 1, "com")]);
    only(&[("a.py", "import xlwings as xw\napp = xw.App()\n")], &[("a.py", 2, "office")]);
    only(&[("a.py", "import openpyxl\nbook = openpyxl.Workbook()\n")], &[]);
    only(
        &[("A.java", "Font f = new Font(\"\u{5b8b}\u{4f53}\", 0, 12);\nFont g = new Font(\"SansSerif\", 0, 12);\n")],
        &[("A.java", 1, "font")],
    );
}

#[test]
fn browsers_of_the_past_and_their_other_ways() {
    only(
        &[("a.js", "function f() {\n  if (window.ActiveXObject) {\n    play();\n  }\n}\n")],
        &[("a.js", 2, "ie-only")],
    );
    only(
        &[("a.js", "function f() {\n  if (window.ActiveXObject) {\n    play();\n  } else {\n    other();\n  }\n}\n")],
        &[],
    );
    only(
        &[("a.jsp", "<object classid=\"clsid:D27CDB6E-AE6D-11cf-96B8-444553540000\">\n// swf \"a.swf\"\n")],
        &[("a.jsp", 1, "activex"), ("a.jsp", 1, "flash")],
    );
    only(&[("a.js", "var r = v.I_InsertOBJECTPlugin(\"div\");\n")], &[("a.js", 1, "browser-plugin")]);
    only(&[("js/jquery-1.8.js", "var a = new ActiveXObject(\"Some.Control\");\n")], &[]);
}

#[test]
fn dialects_of_sql() {
    only(&[("M.xml", "<select>select a from b limit #{from},#{size}</select>\n")], &[("M.xml", 1, "sql-dialect")]);
    only(&[("M.xml", "<select>select a from b limit #{size}</select>\n")], &[]);
    only(&[("A.java", "s = \"select a from b limit \" + from + \",\" + size;\n")], &[("A.java", 1, "sql-dialect")]);
    only(&[("a.sql", "select [name] from [User];\n")], &[("a.sql", 1, "sql-dialect")]);
    only(&[("A.cs", "var a = \"select 1 from [User]\"; var b = list[index];\n")], &[("A.cs", 1, "sql-dialect")]);
    only(&[("A.java", "int day = date.getDate();\nString a = \"nvl(x, 1)\";\n")], &[]);
    only(&[("A.java", "switch (kind) {\n  case SQLSERVER:\n    s = \"select getdate()\";\n}\n")], &[]);
    only(
        &[("a.xml", "<property name=\"dialect\">org.hibernate.dialect.MySQLDialect</property>\n")],
        &[("a.xml", 1, "sql-dialect")],
    );
}

#[test]
fn a_digest_guards_where_others_give_it_passwords() {
    let digest = (
        "Md5Tool.java",
        "class Md5Tool {\n  static String of(String a) {\n    return x(MessageDigest.getInstance(\"MD5\"));\n  }\n}\n",
    );
    only(&[digest], &[]);
    only(
        &[
            digest,
            ("User.java", "class User {\n  void set(String password) {\n    p = Md5Tool.of(password);\n  }\n}\n"),
        ],
        &[("Md5Tool.java", 3, "foreign-crypto")],
    );
    only(
        &[(
            "Wechat.java",
            "class W {\n  // jsapi_ticket and noncestr are signed\n  byte[] b = MessageDigest.getInstance(\"SHA-1\");\n}\n",
        )],
        &[],
    );
}

#[test]
fn samples_are_the_products_where_its_build_makes_them() {
    let code = ("sample/a.c", "int a = _mm_x();\n");
    only(&[code, ("b.c", "int b;\n")], &[]);
    only(&[code, ("b.c", "int b;\n"), ("Makefile", "SAMPLE_DIR = sample/\n")], &[("sample/a.c", 1, "intrinsics")]);
    only(
        &[("src/main/java/com/demo/A.java", "String u = \"jdbc:mysql://x\";\n")],
        &[("src/main/java/com/demo/A.java", 1, "db-driver")],
    );
}

#[test]
fn go_packages_and_assembly_that_one_cpu_has_alone() {
    only(
        &[("p/a_amd64.go", "package p\n\nfunc A() {}\n"), ("p/a_amd64.s", "TEXT \u{b7}A(SB), $0\n\tRET\n")],
        &[("p/a_amd64.go", 0, "go-build-tag"), ("p/a_amd64.s", 0, "asm-source")],
    );
    only(&[("p/a_windows.go", "package p\n\nfunc A() {}\n")], &[]);
    let swap = "#if defined(__x86_64__)\n.globl swap\nswap:\n  mov %rsp, %rax\n  mov %rdi, %rsp\n#endif\n";
    let user = ("b.c", "void use(void) {\n  swap();\n}\n");
    only(&[("swap.S", swap), user], &[("swap.S", 0, "asm-source")]);
    only(&[("swap.S", swap), user, ("plain.c", "void swap(void) {\n}\n")], &[]);
}

#[test]
fn files_of_rust_that_attributes_choose() {
    let choice = "#[cfg_attr(target_arch = \"x86_64\", path = \"x86_64.rs\")]\n#[cfg_attr(target_arch = \"aarch64\", path = \"arm.rs\")]\nmod imp;\n";
    let found = report(&[("src/lib.rs", choice.as_bytes()), ("src/x86_64.rs", b"use core::arch::x86_64::*;\n")]);
    let blockers: Vec<(&str, u32, usize)> = found
        .findings
        .iter()
        .filter(|one| one.blocker)
        .map(|one| (one.path.as_str(), one.line, one.targets.len()))
        .collect();
    assert_eq!(blockers, [("src/lib.rs", 3, 4)]);
}

#[test]
fn chinese_in_its_old_coding_is_read() {
    let found = report(&[("A.java", b"Font f = new Font(\"\xcb\xce\xcc\xe5\", 0, 12);\n")]);
    assert_eq!(found.findings[0].kind, "font");
}

#[test]
fn scripts_in_pages_that_comments_hide_are_code() {
    only(
        &[("a.html", "<script>\n<!--\nvar a = new ActiveXObject(\"Some.Control\");\n//-->\n</script>\n")],
        &[("a.html", 3, "activex")],
    );
}

#[test]
fn text_in_utf16_is_read() {
    let text = "\u{feff}#include <windows.h>\r\n";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let found = report(&[("a.rc", &bytes)]);
    assert_eq!((found.findings[0].kind.as_str(), found.findings[0].line), ("windows-api", 1));
}
