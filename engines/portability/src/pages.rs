//! Pages of 4 KiB written down in C: the kernels of these CPUs are built with pages of 16 or 64 KiB as well.
//!
//! What counts is a constant named for a page where memory is mapped, an address that is rounded by such a constant, an
//! offset or an alignment that the kernel takes in whole pages, and a program that gives up on other pages.

use crate::mask::Part;
use crate::scan::{Hit, sign};
use crate::signs::tokens;
use crate::target::{Target, Targets};

const MESSAGE: &str = "pages are not of 4 KiB on every system of this CPU; ask sysconf(_SC_PAGESIZE)";

/// Said where a program stops on larger pages, which counts whatever the file maps.
pub(crate) static STOPS: &str = "stops where pages are not of 4 KiB";

/// Whether a file maps or protects memory.
pub(crate) fn maps(source: &[u8]) -> bool {
    [
        b"mmap(".as_slice(),
        b"mmap64(",
        b"mprotect(",
        b"madvise(",
        b"mremap(",
        b"sys/mman.h",
        b"remap_file_pages(",
        b"Mmap(",
        b"Mprotect(",
        b"Madvise(",
        b"MmapOptions",
        b"SYS_MMAP",
        b"SYS_MPROTECT",
        b"/proc/self/pagemap",
        b"statm",
        b"mlock(",
        b"hugetlb",
        b"VirtualAlloc(",
    ]
    .iter()
    .any(|call| memchr::memmem::find(source, call).is_some())
}

/// Names that speak of pages, of a file that maps memory.
pub(crate) fn names(source: &[u8], found: &mut Vec<Box<str>>) {
    for line in source.split(|byte| *byte == b'\n').filter(|line| line.len() < 300 && handles_addresses(line)) {
        for name in tokens(line).filter(|name| (4..40).contains(&name.len()) && of_page(&name.to_ascii_lowercase())) {
            if found.len() >= 200 {
                return;
            }
            if !found.iter().any(|known| known.as_bytes() == name) {
                found.push(String::from_utf8_lossy(name).into());
            }
        }
    }
}

/// Whether a line maps or protects memory, or rounds.
fn handles_addresses(line: &[u8]) -> bool {
    [
        b"mmap(".as_slice(),
        b"mprotect(",
        b"madvise(",
        b"mremap(",
        b"munmap(",
        b"~(",
        b"ROUND",
        b"round",
        b"ALIGN",
        b"align",
        b"protect",
        b"_map",
    ]
    .iter()
    .any(|word| memchr::memmem::find(line, word).is_some())
}

fn of_page(lower: &[u8]) -> bool {
    memchr::memmem::find(lower, b"page").is_some()
        || [b"pgsize".as_slice(), b"pgsz", b"pgshift", b"pg_size", b"pagsz"].iter().any(|word| lower.ends_with(word))
}

/// Reads a C file.
pub(crate) fn read(source: &[u8], parts: &[Part], hits: &mut Vec<Hit>) {
    let maps = maps(source);
    let has = |word: &[u8]| memchr::memmem::find(source, word).is_some();
    // On x86 a header of the C library gives the size; on the others it does not.
    let given = has(b"<sys/user.h>") && !has(b"define PAGE_SIZE") && !has(b"_SC_PAGE");
    let resident = has(b"statm");
    let asks = [
        b"_SC_PAGE".as_slice(),
        b"getpagesize",
        b"dwPageSize",
        b"AT_PAGESZ",
        b"Getpagesize",
        b"page_size::get",
        b"page_size()",
    ]
    .iter()
    .any(|word| memchr::memmem::find(source, word).is_some());
    let protects =
        [b"mprotect(".as_slice(), b"madvise("].iter().any(|word| memchr::memmem::find(source, word).is_some());
    let renamed = if maps { renamed(source) } else { Vec::new() };
    let mut offset = 0;
    for (number, line) in (1_u32..).zip(source.split(|byte| *byte == b'\n')) {
        let start = offset;
        offset += line.len() + 1;
        if line.len() > 300 || !line.iter().any(u8::is_ascii_digit) && !maps {
            continue;
        }
        let code: Vec<u8> =
            line.iter().zip(&parts[start..]).filter(|(_, part)| **part == Part::Code).map(|(byte, _)| *byte).collect();
        let text = String::from_utf8_lossy(&code);
        let tight: String =
            text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_ascii_lowercase();
        let constant = constant(&text);
        let stops = refused(&tight);
        let wrong = stops
            || given && tokens(&code).any(|word| word == b"PAGE_SIZE" || word == b"PAGE_SHIFT")
            || resident && (tight.contains("*4096") || tight.contains("4096*") || tight.contains("<<12"))
            || maps && (masked(&tight) && speaks_of_addresses(&text) || rounded(&tight))
            || maps && (offset_in_pages(&tight) || moved(&tight))
            || protects && aligned(&tight);
        let wrong = wrong || renamed.contains(&number);
        let Some(name) = constant.filter(|_| !asks).or_else(|| wrong.then(String::new)) else { continue };
        let larger = Targets::ALL.without(Targets::NONE.with(Target::Riscv64));
        let mut hit = sign(number, "page-size", true, larger, if stops { STOPS } else { MESSAGE }, line);
        hit.name = shifted(source, &name).unwrap_or(name).into();
        hits.push(hit);
    }
}

/// Lines of constants of 4 KiB under another name by which addresses are rounded or memory is protected.
fn renamed(source: &[u8]) -> Vec<u32> {
    let mut found = Vec::new();
    let mut looked = 0;
    for (number, line) in (1_u32..).zip(source.split(|byte| *byte == b'\n')) {
        let text = String::from_utf8_lossy(&line[..line.len().min(200)]).into_owned();
        let Some(rest) = text.trim().strip_prefix("#define ") else { continue };
        let Some((name, value)) = rest.trim().split_once([' ', '\t']) else { continue };
        if name.len() < 3
            || name.contains('(')
            || !page(value.split("/*").next().unwrap_or(value).split("//").next().unwrap_or(value))
        {
            continue;
        }
        // Each is looked for in the whole file.
        looked += 1;
        if looked > 16 {
            break;
        }
        let mut rounds: Vec<String> = ["~(NAME-1)", "~(NAME - 1)", "&-NAME", "& -NAME", "~((NAME)-1)", "~((NAME) - 1)"]
            .map(|form| form.replace("NAME", name))
            .into();
        rounds.extend(mask_of(source, name).map(|mask| format!("~{mask}")));
        let protects = source.split(|byte| *byte == b'\n').any(|line| {
            memchr::memmem::find(line, b"mprotect(").is_some() && tokens(line).any(|word| word == name.as_bytes())
        });
        if protects || rounds.iter().any(|word| memchr::memmem::find(source, word.as_bytes()).is_some()) {
            found.push(number);
        }
    }
    found
}

/// The macro that a shift is written for: `#define PAGE_SIZE (1UL << PAGE_SHIFT)`.
fn shifted(source: &[u8], name: &str) -> Option<String> {
    if !name.to_ascii_lowercase().ends_with("shift") {
        return None;
    }
    let wanted = format!("<<{name})");
    source.split(|byte| *byte == b'\n').filter(|line| line.len() < 200 && line.starts_with(b"#define")).find_map(
        |line| {
            let text = String::from_utf8_lossy(line);
            let (macro_, value) = text.strip_prefix("#define")?.trim().split_once([' ', '\t'])?;
            let tight: String = value.chars().filter(|letter| !letter.is_whitespace()).collect();
            (tight.contains(&wanted) && of_page(macro_.to_ascii_lowercase().as_bytes())).then(|| macro_.to_owned())
        },
    )
}

/// The macro that is one less than another: `#define MAP_MASK (MAP_SIZE - 1)`, as whoever maps `/dev/mem` writes it.
fn mask_of(source: &[u8], name: &str) -> Option<String> {
    let wanted = [format!("({name}-1)"), format!("{name}-1")];
    source.split(|byte| *byte == b'\n').filter(|line| line.len() < 200 && line.starts_with(b"#define")).find_map(
        |line| {
            let text = String::from_utf8_lossy(line);
            let (mask, value) = text.strip_prefix("#define")?.trim().split_once([' ', '\t'])?;
            let tight: String = value.chars().filter(|letter| !letter.is_whitespace()).collect();
            wanted.iter().any(|form| tight.starts_with(form.as_str())).then(|| mask.to_owned())
        },
    )
}

/// A number of bytes that is a page's, as C writes it.
fn page(value: &str) -> bool {
    let tight: String = value.chars().filter(|letter| !letter.is_whitespace() && !"()".contains(*letter)).collect();
    let plain = tight.to_ascii_lowercase().replace(['u', 'l'], "").replace("size_t", "").replace("int", "");
    matches!(
        plain.trim_end_matches([';', ',', '}']),
        "4096" | "4_096" | "4'096" | "0x1000" | "0x1_000" | "1<<12" | "4*1024" | "1024*4" | "4<<10" | "4*kb" | "4*kib"
    )
}

/// The name of a constant that holds a page's size, shift or mask: `#define PAGE_SIZE 4096`, `page_size = 1 << 12`.
fn constant(text: &str) -> Option<String> {
    let text = text.trim();
    let head = |text: &str| {
        let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(text.len());
        (text[..end].to_owned(), text[end..].trim().to_owned())
    };
    let (name, value) = if let Some(rest) = text.strip_prefix('#') {
        head(rest.trim_start().strip_prefix("define")?.trim_start())
    } else {
        // `==`, `<=` and their like compare.
        let at = text.find(['=', '{'])?;
        if text[at + 1..].starts_with('=') || text[..at].ends_with(['=', '!', '<', '>', '|', '&', '+', '-', '*']) {
            return None;
        }
        let enumerated = text[..at].trim_start().starts_with("enum") && text[at..].starts_with('{');
        let (before, after) = if enumerated { text[at + 1..].split_once('=')? } else { (&text[..at], &text[at + 1..]) };
        let before = before.split(':').next().unwrap_or(before);
        let name = before.trim_end().rsplit(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').next()?;
        (name.to_owned(), after.split([';', ',', '}']).next()?.trim().to_owned())
    };
    let lower = name.to_ascii_lowercase();
    if !of_page(lower.as_bytes()) || value.len() > 60 {
        return None;
    }
    let ends = |words: &[&str]| words.iter().any(|word| lower.ends_with(word));
    let bare = value.trim_matches(['(', ')', ';', ' ']);
    let size = ends(&[
        "page_size",
        "pagesize",
        "page_len",
        "pagesz",
        "page_sz",
        "pg_size",
        "pgsize",
        "pgsz",
        "_page",
        "ospage",
    ]) || lower == "page"
        || lower == "page_bytes";
    let shift = ends(&["page_shift", "pageshift", "page_bits", "pagebits", "lg_page", "pgshift", "log2_page_size"]);
    let mask = ends(&["page_mask", "pagemask"]);
    let masks = mask && {
        let tight: String = bare.chars().filter(|letter| !letter.is_whitespace()).collect();
        tight.to_ascii_lowercase().contains("0xfff") || tight.contains("4095") || tight.contains("4096")
    };
    (size && page(&value) || shift && bare == "12" || masks).then_some(name)
}

/// `& ~0xfff` and its like, blanks left out.
fn masked(tight: &str) -> bool {
    let plain = tight.replace("ull", "").replace("ul", "").replace("(uintptr_t)", "").replace("(size_t)", "");
    let plain = plain.replace("(unsignedlong)", "").replace("(long)", "").replace("(intptr_t)", "");
    [
        "&^0xfff",
        "&!0xfff",
        "&^4095",
        "&!4095",
        "&^(4096-1)",
        "&!(4096-1)",
        "&=~0xfff;",
        "&=~4095;",
        "&=-4096;",
        "&=0xfffff000",
        "&(~(4096-1))",
        "&(~(0x1000-1))",
        "&~0xfff)",
        "&~0xfff;",
        "&~0xfff,",
        "&~0xfffl",
        "&~4095",
        "&(~0xfff)",
        "&~(0xfff)",
        "&~(4096-1)",
        "&~(0x1000-1)",
        "&(~4095)",
        "&-4096",
        "&(-4096)",
        "&-0x1000",
        "&0xfffffffffffff000",
        "&0xfffff000",
        "addr>>12",
        "ptr>>12",
        "addr&0xfff)",
        "ptr&0xfff)",
        "addr%4096",
        "ptr%4096",
        "addr/4096",
        "ptr/4096",
    ]
    .iter()
    .any(|mask| plain.contains(mask))
        || plain.contains(")p>>12")
        || plain.contains("addr&4095)")
        || plain.contains("ptr&4095)")
}

fn speaks_of_addresses(code: &str) -> bool {
    ["ptr", "addr", "void", "page", "PAGE", "uintptr", "size_t", "long", "Addr", "base", "mprotect", "mmap"]
        .iter()
        .any(|word| code.contains(word))
}

/// `x / 4096 * 4096`, `ROUND_UP(x, 4096)`.
fn rounded(tight: &str) -> bool {
    let divided = ["/4096)*4096", "/4096*4096", "/0x1000)*0x1000", "/4096+1)*4096", ">>12)<<12", ">>12<<12"];
    let called = ["round", "align"].iter().any(|word| {
        tight.find(word).is_some_and(|at| {
            let rest = &tight[at..];
            rest.contains(",4096)")
                || rest.contains(",0x1000)")
                || rest.contains(",4096ul)")
                || rest.contains(",4*1024)")
        })
    });
    divided.iter().any(|word| tight.contains(word))
        || (called && !tight.contains("alloc") && !tight.contains("memalign"))
}

/// `sysconf(_SC_PAGESIZE) != 4096`: the program stops on other pages.
fn refused(tight: &str) -> bool {
    let asks = tight.contains("sysconf(_sc_page") || tight.contains("getpagesize()");
    let asserted = tight.contains("assert(") && (tight.contains("page_size==") || tight.contains("pagesize=="));
    let number = tight.contains("4096") || tight.contains("0x1000");
    // A variable or a macro of that name that is held against the number.
    let whole = |rest: &str| rest.trim_start_matches(['u', 'l']).starts_with([')', '|', '&']);
    let held = ["page_size!=", "pagesize!="].iter().any(|start| {
        tight.match_indices(start).any(|(at, _)| {
            let rest = &tight[at + start.len()..];
            ["4096", "0x1000"].iter().any(|number| rest.strip_prefix(number).is_some_and(whole))
        })
    });
    let stops = held && (tight.contains("if(") || tight.contains("bug_on("));
    (asks && number && (tight.contains("!=") || tight.contains("=="))) || (asserted && number) || stops
}

/// The last argument of `mmap`, which is taken in whole pages: a number that larger pages do not divide.
fn offset_in_pages(tight: &str) -> bool {
    let Some(at) = tight.find("mmap(") else { return false };
    let Some(last) = tight[at..].rsplit_once(',').map(|(_, last)| last) else { return false };
    let last = last.split(')').next().unwrap_or(last);
    last.starts_with("4096*")
        || last.ends_with("*4096")
        || last.contains("<<12")
        || matches!(last, "4096" | "0x1000" | "8192" | "0x2000")
}

/// An address that is moved by 4 KiB before it is protected or given back: no address of a larger page.
fn moved(tight: &str) -> bool {
    ["mprotect(", "munmap("].iter().any(|call| {
        tight.find(call).is_some_and(|at| {
            let first = tight[at + call.len()..].split(',').next().unwrap_or_default();
            ["+4096", "-4096", "+0x1000", "-0x1000"].iter().any(|moved| {
                first
                    .find(moved)
                    .is_some_and(|at| !first[at + moved.len()..].starts_with(|next: char| next.is_ascii_alphanumeric()))
            })
        })
    })
}

/// Memory aligned to 4 KiB in a file that protects pages.
fn aligned(tight: &str) -> bool {
    [
        "posix_memalign(",
        "memalign(4096",
        "memalign(0x1000",
        "aligned_alloc(4096",
        "aligned_alloc(0x1000",
        "aligned(4096)",
        "aligned(0x1000)",
        "alignas(4096)",
    ]
    .iter()
    .any(|call| {
        tight.find(call).is_some_and(|at| {
            !call.starts_with("posix") || tight[at..].contains(",4096,") || tight[at..].contains(",0x1000,")
        })
    })
}
