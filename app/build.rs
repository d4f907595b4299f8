//! Tells the linker how the program becomes smaller: functions that compiled to the same code are kept once (monomorphised for
//! every type, many do), and addresses that are set when it is loaded are written in a tenth of the room.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|found| found == value);
    // Only there Rust links with its own LLD; GNU ld knows no such options.
    if is("PROFILE", "release") && is("CARGO_CFG_TARGET_ARCH", "x86_64") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo:rustc-link-arg-bins=-Wl,--icf=all");
        if relative_relocations() {
            println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
        }
    }
}

/// Whether this system loads programs with packed addresses: glibc does from 2.36 on. A program made on an older system runs
/// there, and is larger.
fn relative_relocations() -> bool {
    let Ok(told) = std::process::Command::new("getconf").arg("GNU_LIBC_VERSION").output() else { return false };
    let told = String::from_utf8_lossy(&told.stdout);
    let version = told.trim().trim_start_matches("glibc ").split_once('.');
    version.is_some_and(|(major, minor)| major.parse() == Ok(2) && minor.parse().is_ok_and(|minor: u32| minor >= 36))
}
