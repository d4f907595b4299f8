//! Parts of programs that one CPU has alone, in forms that are seen less often, and what stands beside them.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

mod cases;

use cases::only;

const FAST: &str = "package p\n\ntype D struct{}\n\nfunc (d *D) Read(b []byte) error {\n\treturn fast(b)\n}\n";

#[test]
fn methods_of_go_that_only_refuse_are_stubs() {
    let stub = |body: &str| {
        format!(
            "//go:build !amd64\n\npackage p\n\ntype D struct{{}}\n\nfunc (d *D) Read(b []byte) error {{\n\t{body}\n}}\n"
        )
    };
    let refuses = stub("return errors.New(\"not supported on this CPU\")");
    only(&[("p/d_amd64.go", FAST), ("p/d_other.go", &refuses)], &[("p/d_other.go", 8, "go-stub")]);
    let panics = stub("panic(\"amd64 only\")");
    only(&[("p/d_amd64.go", FAST), ("p/d_other.go", &panics)], &[("p/d_other.go", 8, "go-stub")]);
    // Another way, and a method that has nothing to do.
    only(&[("p/d_amd64.go", FAST), ("p/d_other.go", &stub("return slow(b)"))], &[]);
    only(&[("p/d_amd64.go", FAST), ("p/d_other.go", &stub("return nil"))], &[]);
}

#[test]
fn an_init_of_go_that_refuses_other_cpus_is_found_where_it_does() {
    let fast = ("p/a_amd64.go", "package p\n\nfunc init() {\n\tuse = true\n}\n");
    let stops = ("p/a_other.go", "//go:build !amd64\n\npackage p\n\nfunc init() {\n\tpanic(\"p: needs amd64\")\n}\n");
    only(&[fast, stops], &[("p/a_other.go", 6, "go-stub")]);
    only(&[fast, ("p/a_other.go", "//go:build !amd64\n\npackage p\n\nfunc init() {\n\tuse = false\n}\n")], &[]);
    only(&[("p/a.go", "package p\n\nfunc init() {\n\tpanic(\"p: no\")\n}\n")], &[]);
}

#[test]
fn functions_of_go_that_are_linked_by_name_have_their_body_elsewhere() {
    let linked = "package p\n\nimport _ \"unsafe\"\n\n//go:linkname now runtime.nanotime\n//go:noescape\n\n\n// now tells the time.\nfunc now() int64\n";
    only(&[("p/a.go", linked), ("p/a.s", "// nothing\n")], &[]);
    let beside = "package p\n\nimport _ \"unsafe\"\n\n//go:linkname now runtime.nanotime\nfunc now() int64\n\nfunc sum(a []byte) int\n";
    let body = "#include \"textflag.h\"\nTEXT ·sum(SB), NOSPLIT, $0\n\tMOVQ $1, AX\n\tRET\n";
    only(&[("p/a.go", beside), ("p/a_amd64.s", body)], &[("p/a.go", 8, "go-stub")]);
}

#[test]
fn a_package_of_go_is_found_by_the_name_its_repository_gives_it() {
    let own = ("sum.go", "package sum\n\nfunc Of(a []byte) int\n");
    let body = ("sum_amd64.s", "TEXT ·Of(SB), $0\n\tMOVQ $1, AX\n\tRET\n");
    for import in ["github.com/a/go-sum", "github.com/a/sum-go", "gopkg.in/a/sum.v2", "github.com/a/sum/v3"] {
        let user =
            format!("package tool\n\nimport (\n\tsum \"{import}\"\n)\n\nfunc run() int {{\n\treturn sum.Of(nil)\n}}\n");
        only(&[("tool/a.go", &user), own, body], &[("sum.go", 3, "go-stub"), ("tool/a.go", 8, "go-stub")]);
    }
}

#[test]
fn bodies_of_rust_that_one_cpu_has_alone_end_in_nothing() {
    let one =
        "pub fn ticks() -> u64 {\n    #[cfg(target_arch = \"x86_64\")]\n    unsafe {\n        count()\n    }\n}\n";
    only(&[("src/a.rs", one)], &[("src/a.rs", 2, "rust-cfg")]);
    let two = "pub fn ticks() -> u64 {\n    #[cfg(target_arch = \"x86_64\")]\n    {\n        one()\n    }\n    #[cfg(target_arch = \"aarch64\")]\n    {\n        two()\n    }\n}\n";
    only(&[("src/a.rs", two)], &[("src/a.rs", 2, "rust-cfg")]);
    let rest = two.replace("target_arch = \"aarch64\"", "not(target_arch = \"x86_64\")");
    only(&[("src/a.rs", &rest)], &[]);
    // Another way behind it, or nothing to give.
    only(&[("src/a.rs", &one.replace("    }\n}", "    }\n    0\n}"))], &[]);
    only(&[("src/a.rs", &one.replace(" -> u64", ""))], &[]);
}

#[test]
fn variables_of_rust_that_one_cpu_has_alone_are_found_where_they_are_used() {
    let source = "fn f() -> u32 {\n    #[cfg(target_arch = \"x86_64\")]\n    let width = 32;\n    g(width)\n}\n";
    only(&[("src/a.rs", source)], &[("src/a.rs", 4, "rust-cfg")]);
    let both = source.replace("    g(", "    #[cfg(not(target_arch = \"x86_64\"))]\n    let width = 8;\n    g(");
    only(&[("src/a.rs", &both)], &[]);
    let first = source.replace("{\n    #[cfg", "{\n    let width = 8;\n    #[cfg");
    only(&[("src/a.rs", &first)], &[]);
    let other = "fn f() {\n    #[cfg(target_arch = \"x86_64\")]\n    let width = 32;\n}\n\nfn h(width: u32) -> u32 {\n    width\n}\n";
    only(&[("src/a.rs", other)], &[]);
}

#[test]
fn methods_of_rust_that_one_cpu_has_alone_are_found_where_they_are_called() {
    let source = "impl A {\n    #[cfg(target_arch = \"x86_64\")]\n    fn wide(&self) -> u32 {\n        1\n    }\n\n    pub fn sum(&self) -> u32 {\n        self.wide()\n    }\n}\n";
    only(&[("src/a.rs", source)], &[("src/a.rs", 8, "rust-cfg")]);
    let guarded = source
        .replace("        self", "        #[cfg(target_arch = \"x86_64\")]\n        return self")
        .replace("wide()\n", "wide();\n        0\n");
    only(&[("src/a.rs", &guarded)], &[]);
    let both = source.replace(
        "    pub fn",
        "    #[cfg(not(target_arch = \"x86_64\"))]\n    fn wide(&self) -> u32 {\n        2\n    }\n\n    pub fn",
    );
    only(&[("src/a.rs", &both)], &[]);
}

#[test]
fn constants_and_types_of_rust_that_one_cpu_has_alone() {
    let constant =
        "#[cfg(target_arch = \"x86_64\")]\nconst WIDTH: usize = 32;\n\nfn f() -> usize {\n    WIDTH * 2\n}\n";
    only(&[("src/a.rs", constant)], &[("src/a.rs", 5, "rust-cfg")]);
    let typed = "#[cfg(target_arch = \"x86_64\")]\nstruct Wide(u64);\n\nfn f() -> Wide {\n    make()\n}\n";
    only(&[("src/a.rs", typed)], &[("src/a.rs", 4, "rust-cfg")]);
}

#[test]
fn memory_of_devices_is_mapped_in_whole_pages() {
    let source = "#include <sys/mman.h>\n#define MAP_SIZE 4096UL\n#define MAP_MASK (MAP_SIZE - 1)\nvoid *f(int fd, off_t at) {\n  return mmap(0, MAP_SIZE, 3, 1, fd, at & ~MAP_MASK);\n}\n";
    only(&[("a.c", source)], &[("a.c", 2, "page-size")]);
    only(&[("a.c", &source.replace("& ~MAP_MASK", ""))], &[]);
}

#[test]
fn addresses_that_are_moved_or_rounded_by_four_kilobytes() {
    let file = |line: &str| format!("#include <sys/mman.h>\nvoid f(char *p, uintptr_t addr) {{\n  {line}\n}}\n");
    for line in [
        "mprotect(p + 4096, 4096, PROT_NONE);",
        "munmap(p - 0x1000, 4096);",
        "addr &= ~0xfffUL;",
        "addr = addr & (~(4096 - 1));",
        "if (page_size != 4096) exit(1);",
        "BUILD_BUG_ON(PAGE_SIZE != 4096);",
    ] {
        only(&[("a.c", &file(line))], &[("a.c", 3, "page-size")]);
    }
    for line in [
        "mprotect(p, 4096, PROT_NONE);",
        "memset(p + 4096, 0, 4096);",
        "if (page_size != 4096 * n) f(p, 0);",
        "addr &= ~0xffUL;",
    ] {
        only(&[("a.c", &file(line))], &[]);
    }
}

#[test]
fn allocators_and_linkers_are_told_the_size_of_pages() {
    only(
        &[("Dockerfile", "FROM scratch\nRUN ./configure --with-lg-page=12 && make\n")],
        &[("Dockerfile", 2, "page-size")],
    );
    only(&[("Makefile", "LDFLAGS += -Wl,-z,max-page-size=0x1000\n")], &[("Makefile", 1, "page-size")]);
}

#[test]
fn names_of_rust_that_are_imported_for_one_cpu_are_found_where_they_are_used() {
    let source = "#[cfg(target_arch = \"x86_64\")]\nuse fast::run;\n\npub fn go() {\n    run();\n}\n";
    only(&[("src/a.rs", source)], &[("src/a.rs", 5, "rust-cfg")]);
    let both = source.replace("\n\npub", "\n#[cfg(not(target_arch = \"x86_64\"))]\nuse slow::run;\n\npub");
    only(&[("src/a.rs", &both)], &[]);
    only(&[("src/a.rs", &source.replace("    run", "    other::run"))], &[]);
}

#[test]
fn what_rust_gives_on_is_there_where_it_is_declared() {
    let lib = ("src/lib.rs", "mod arch;\npub use arch::Context;\n");
    let file = ("src/arch/x86_64.rs", "pub struct Context;\n");
    let one = "#[cfg(target_arch = \"x86_64\")]\nmod x86_64;\n#[cfg(target_arch = \"x86_64\")]\npub use self::x86_64::Context;\n";
    only(&[lib, file, ("src/arch/mod.rs", one)], &[("src/lib.rs", 2, "rust-cfg")]);
    let both = format!("{one}#[cfg(not(target_arch = \"x86_64\"))]\npub struct Context;\n");
    only(&[lib, file, ("src/arch/mod.rs", &both)], &[]);
}

#[test]
fn a_crate_for_x86_alone_is_found_where_it_is_used() {
    only(&[("src/a.rs", "use raw_cpuid::CpuId;\n")], &[("src/a.rs", 1, "rust-intrinsics")]);
    only(&[("src/a.rs", "#[cfg(target_arch = \"x86_64\")]\nuse raw_cpuid::CpuId;\n")], &[]);
}

#[test]
fn a_page_that_is_written_as_a_shift_counts_where_the_size_is_used() {
    let header = ("a.h", "#define PAGE_SHIFT 12\n#define PAGE_SIZE ((size_t)1 << PAGE_SHIFT)\n");
    let maps = "#include \"a.h\"\n#include <sys/mman.h>\nvoid *f(size_t n) {\n  return mmap(0, ALIGN(n, PAGE_SIZE), 3, 34, -1, 0);\n}\n";
    only(&[("a.c", maps), header], &[("a.h", 1, "page-size")]);
    only(&[("a.c", "#include \"a.h\"\nint rows[PAGE_SIZE];\n"), header], &[]);
}

#[test]
fn databases_in_the_settings_of_frameworks() {
    only(
        &[("appsettings.json", "{\n  \"A\": \"Server=.;Database=x;Trusted_Connection=True\"\n}\n")],
        &[("appsettings.json", 2, "db-driver")],
    );
    only(&[("db.js", "new Sequelize({\n  dialect: 'mysql',\n});\n")], &[("db.js", 2, "db-driver")]);
    only(&[("database.yml", "default:\n  adapter: mysql2\n")], &[("database.yml", 2, "db-driver")]);
    only(&[("data.json", "{\n  \"A\": \"Trusted_Connection=True\"\n}\n")], &[]);
}
