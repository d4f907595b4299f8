//! C that is compiled with Go: its flags, and what stands in the comment before `import "C"`.

use super::constraint::{CPUS, SYSTEMS};
use crate::mask::Part;
use crate::scan::{Hit, sign};
use crate::target::Targets;

/// `#cgo CFLAGS: -mavx2`, with no CPU named before the flags.
pub(crate) fn cgo_flags(source: &[u8], hits: &mut Vec<Hit>) {
    if memchr::memmem::find(source, b"#cgo ").is_none() {
        return;
    }
    for (number, line) in (1_u32..).zip(source.split(|byte| *byte == b'\n')) {
        let text = String::from_utf8_lossy(line);
        let text = text.trim().trim_start_matches("// ").trim_start_matches("//");
        let Some((head, flags)) = text.strip_prefix("#cgo ").and_then(|rest| rest.split_once(':')) else { continue };
        let named =
            head.split([' ', ',', '!']).any(|word| CPUS.contains(&word) || SYSTEMS.contains(&word) && word != "linux");
        let x86 = [
            "-msse",
            "-mavx",
            "-mssse",
            "-mfma",
            "-mbmi",
            "-maes",
            "-mpclmul",
            "-m64",
            "-m32",
            "-march=x86",
            "-march=haswell",
            "-march=core",
            "-mpopcnt",
            "-march=skylake",
        ];
        if !named && flags.split_whitespace().any(|flag| x86.iter().any(|start| flag.starts_with(start))) {
            hits.push(sign(number, "compile-flag", true, Targets::ALL, "compiler flag that other CPUs refuse", line));
        }
    }
}

/// C in the comment before `import "C"`: headers and intrinsics of x86 in it are compiled as they stand.
pub(crate) fn within_comments(source: &[u8], parts: &[Part], hits: &mut Vec<Hit>) {
    let Some(end) = memchr::memmem::find(source, b"import \"C\"") else { return };
    let (mut start, mut depth) = (0, 0_u32);
    for (number, line) in (1_u32..).zip(source[..end].split(|byte| *byte == b'\n')) {
        let comment = line
            .iter()
            .position(|byte| !byte.is_ascii_whitespace())
            .is_some_and(|at| parts.get(start + at) == Some(&Part::Comment));
        start += line.len() + 1;
        let text = String::from_utf8_lossy(line);
        let text = text.trim().trim_start_matches("//").trim();
        // What stands under a condition has another way, as far as a comment tells.
        depth += u32::from(text.starts_with("#if"));
        depth -= u32::from(text.starts_with("#endif") && depth > 0);
        if !comment || depth > 0 {
            continue;
        }
        let header = text.starts_with("#include")
            && ["mmintrin.h", "x86intrin.h", "cpuid.h"].iter().any(|name| text.contains(name));
        let intrinsic =
            text.contains("_mm_") || text.contains("_mm256_") || text.contains("__m128") || text.contains("__m256");
        if header || (intrinsic && !text.starts_with("#include")) {
            let kind = if header { "x86-header" } else { "intrinsics" };
            hits.push(sign(number, kind, true, Targets::ALL, "C of x86 within Go", line));
        }
    }
}
