//! Machine code: ELF, PE and Mach-O headers.

use object::elf::{FileHeader32, FileHeader64};
use object::read::elf::{Dyn as _, FileHeader};
use object::{Architecture, BinaryFormat, Endianness, Object};

use crate::target::{Target, Targets};

/// What a binary says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Binary {
    pub machine: String,
    /// Where it runs.
    pub runs: Targets,
    pub linux: bool,
    /// 64 bits wide.
    pub wide: bool,
    /// An assembly of .NET: no machine code, whatever its header says.
    pub managed: bool,
    /// The newest version of glibc it asks for, as the second number of 2.x; 0 where it asks for none.
    pub glibc: u32,
    /// Whether it was made for .NET Framework, which Linux has not.
    pub framework: bool,
    /// Libraries it needs.
    pub needed: Vec<String>,
}

/// Reads the headers; `None` for bytes that are no machine code, `Some(Err)` for damaged ones.
pub(crate) fn read(bytes: &[u8]) -> Option<Result<Binary, String>> {
    let known = bytes.starts_with(b"\x7fELF")
        || bytes.starts_with(b"MZ")
        || matches!(bytes.get(..4), Some([0xcf | 0xce, 0xfa, 0xed, 0xfe]));
    if !known {
        return None;
    }
    if bytes.starts_with(b"MZ")
        && object::read::pe::PeFile64::parse(bytes).is_err()
        && object::read::pe::PeFile32::parse(bytes).is_err()
    {
        return None;
    }
    Some(object::File::parse(bytes).map(|file| describe(&file, bytes)).map_err(|error| error.to_string()))
}

/// Cabinets and packages of Windows' installer: what is in them is for Windows.
pub(crate) fn installer(path: &str, bytes: &[u8]) -> Option<Binary> {
    let lower = path.to_ascii_lowercase();
    let cabinet = bytes.starts_with(b"MSCF") && lower.ends_with(".cab");
    let package = bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) && lower.ends_with(".msi");
    (cabinet || package).then(|| Binary {
        machine: "package of windows".to_owned(),
        runs: Targets::NONE,
        linux: false,
        wide: false,
        managed: false,
        glibc: 0,
        framework: false,
        needed: Vec::new(),
    })
}

/// Objects of Windows: COFF for x86, and what stands in an import library for one.
pub(crate) fn coff(bytes: &[u8]) -> Option<Binary> {
    let (wide, machine) = match bytes {
        [0x64, 0x86, sections, 0, ..] if (1..100).contains(sections) => (true, "x86_64"),
        [0x4c, 0x01, sections, 0, ..] if (1..100).contains(sections) => (false, "i386"),
        [0, 0, 0xff, 0xff, _, _, 0x64, 0x86, ..] => (true, "x86_64"),
        [0, 0, 0xff, 0xff, _, _, 0x4c, 0x01, ..] => (false, "i386"),
        _ => return None,
    };
    (bytes.len() >= 20).then(|| Binary {
        machine: format!("{machine} coff"),
        runs: Targets::NONE,
        linux: false,
        wide,
        managed: false,
        glibc: 0,
        framework: false,
        needed: Vec::new(),
    })
}

fn describe(file: &object::File<'_>, bytes: &[u8]) -> Binary {
    let linux = file.format() == BinaryFormat::Elf;
    let machine = match file.architecture() {
        Architecture::Unknown => elf_machine(bytes),
        known => format!("{known:?}").to_ascii_lowercase(),
    };
    let needs = if linux { needs(bytes) } else { Needs::default() };
    let runs = match (linux, file.architecture()) {
        (true, Architecture::Aarch64) => Targets::NONE.with(Target::Aarch64),
        (true, Architecture::Riscv64) => Targets::NONE.with(Target::Riscv64),
        (true, Architecture::LoongArch64) => Targets::NONE.with(if new_world(bytes, needs.oldest) {
            Target::Loongarch64
        } else {
            Target::Loongarch64Abi1
        }),
        (true, Architecture::Unknown) if machine == "machine 39190" => Targets::NONE.with(Target::Sw64),
        _ => Targets::NONE,
    };
    // Elf files of other systems call themselves so in their header.
    let linux = linux && !matches!(bytes.get(7), Some(2 | 6 | 9 | 12)) && bytes.get(5) == Some(&1);
    Binary {
        machine: format!("{machine} {}", format!("{:?}", file.format()).to_ascii_lowercase()),
        runs,
        linux,
        wide: file.is_64(),
        managed: managed(file),
        glibc: needs.newest,
        framework: managed(file) && memchr::memmem::find(bytes, b".NETFramework,Version=").is_some(),
        needed: needs.libraries,
    }
}

/// A PE file with a header of the common language run-time that says "no machine code".
fn managed(file: &object::File<'_>) -> bool {
    let directory = match file {
        object::File::Pe32(pe) => pe.data_directories().get(object::pe::IMAGE_DIRECTORY_ENTRY_COM_DESCRIPTOR),
        object::File::Pe64(pe) => pe.data_directories().get(object::pe::IMAGE_DIRECTORY_ENTRY_COM_DESCRIPTOR),
        _ => None,
    };
    directory.is_some_and(|directory| directory.virtual_address.get(object::LittleEndian) != 0)
}

/// What an ELF file needs when it is loaded: the newest and the oldest version of glibc, as the second number of 2.x, and
/// libraries.
#[derive(Debug, Default)]
struct Needs {
    newest: u32,
    oldest: u32,
    libraries: Vec<String>,
}

/// Reads `.gnu.version_r` and `DT_NEEDED`; what is damaged needs nothing.
fn needs(bytes: &[u8]) -> Needs {
    let wide = bytes.get(4) == Some(&2);
    let read =
        if wide { needs_of::<FileHeader64<Endianness>>(bytes) } else { needs_of::<FileHeader32<Endianness>>(bytes) };
    read.unwrap_or_default()
}

fn needs_of<E: FileHeader<Endian = Endianness>>(bytes: &[u8]) -> object::Result<Needs> {
    let header = E::parse(bytes)?;
    let endian = header.endian()?;
    let sections = header.sections(endian, bytes)?;
    let mut needs = Needs::default();
    if let Some((mut versions, link)) = sections.gnu_verneed(endian, bytes)? {
        let strings = sections.strings(endian, bytes, link)?;
        while let Some((_, mut names)) = versions.next()? {
            while let Some(name) = names.next()? {
                let minor = std::str::from_utf8(name.name(endian, strings)?)
                    .ok()
                    .and_then(|name| name.strip_prefix("GLIBC_2.")?.split('.').next()?.parse::<u32>().ok());
                let Some(minor) = minor.filter(|minor| *minor < 1000) else { continue };
                needs.newest = needs.newest.max(minor);
                needs.oldest = if needs.oldest == 0 { minor } else { needs.oldest.min(minor) };
            }
        }
    }
    if let Some((entries, link)) = sections.dynamic(endian, bytes)? {
        let strings = sections.strings(endian, bytes, link)?;
        for entry in entries.iter().filter(|entry| entry.tag(endian) == object::elf::DT_NEEDED).take(200) {
            let name = entry.string(endian, strings)?;
            needs.libraries.push(String::from_utf8_lossy(name).into_owned());
        }
    }
    Ok(needs)
}

/// `EM_SW64` is 0x9916.
fn elf_machine(bytes: &[u8]) -> String {
    match bytes.get(18..20) {
        Some([low, high]) => format!("machine {}", u16::from_le_bytes([*low, *high])),
        _ => "machine unknown".to_owned(),
    }
}

/// The new world's object files carry version 1 in `e_flags` (bits 6 and 7), and its programs the loader
/// `ld-linux-loongarch-lp64d.so.1` (LoongArch ELF ABI 2.01). Its glibc begins with 2.36; a symbol of an older version is the
/// old world's.
fn new_world(bytes: &[u8], oldest: u32) -> bool {
    let flags = FileHeader64::<Endianness>::parse(bytes).ok().map(|header| header.e_flags(Endianness::Little));
    let old = memchr::memmem::find(bytes, b"/lib64/ld.so.1").is_some() || (oldest > 0 && oldest < 36);
    flags.is_none_or(|flags| flags & 0xc0 == 0x40) && !old
}
