//! Packages of every kind that is read, and what of them is bounded or refused.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use std::io::Write;

use portability::{InMemory, Options, Report, assess};

const SOURCE: &[u8] = b"int f(void) {\n  return _mm_popcnt_u64(1);\n}\n";

/// Packages that `rpmbuild`, `dpkg-deb` and `tar` made: the stored inputs of a fuzz target, behind a byte that chooses the name.
macro_rules! stored {
    ($($name:literal),*) => { [$(($name, &include_bytes!(concat!("../../../fuzz/corpus/binaries/", $name))[1..])),*] };
}

fn of(name: &str, bytes: &[u8]) -> Report {
    let tree: InMemory = [(name, bytes)].into_iter().collect();
    assess("archives", &tree, Vec::new(), &Options { threads: 1, ..Options::default() }, &|_, _| {})
}

/// Places of blockers.
fn places(report: &Report) -> Vec<(&str, u32)> {
    report.findings.iter().filter(|one| one.blocker).map(|one| (one.path.as_str(), one.line)).collect()
}

/// What was not read, with the reason.
fn left_out(report: &Report) -> Vec<(&str, &str, &str)> {
    report.not_examined.iter().map(|one| (one.path.as_str(), one.reason.as_str(), one.detail.as_str())).collect()
}

#[track_caller]
fn refused(name: &str, bytes: &[u8], path: &str, reason: &str, detail: &str) {
    let report = of(name, bytes);
    let found = left_out(&report);
    assert!(found.contains(&(path, reason, detail)), "{found:?}");
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = lzma_rust2::XzWriter::new(Vec::new(), lzma_rust2::XzOptions::with_preset(0)).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(bytes, 1).unwrap()
}

/// One member of a `cpio -H newc`.
fn member(name: &str, mode: u32, body: &[u8]) -> Vec<u8> {
    let mut bytes = b"070701".to_vec();
    for number in [1, mode, 0, 0, 1, 0, body.len() as u32, 0, 0, 0, 0, name.len() as u32 + 1, 0] {
        bytes.extend(format!("{number:08x}").bytes());
    }
    bytes.extend(name.bytes());
    bytes.push(0);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes.extend(body);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

fn cpio(members: &[(&str, u32, &[u8])]) -> Vec<u8> {
    let mut bytes: Vec<u8> = members.iter().flat_map(|(name, mode, body)| member(name, *mode, body)).collect();
    bytes.extend(member("TRAILER!!!", 0, b""));
    bytes
}

/// An RPM package with empty headers.
fn rpm(payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0xed, 0xab, 0xee, 0xdb, 3, 0];
    bytes.resize(96, 0);
    for _ in 0..2 {
        bytes.extend([0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    }
    bytes.extend(payload);
    bytes
}

fn tar(name: &str, body: &[u8]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(body.len() as u64);
    builder.append_data(&mut header, name, body).unwrap();
    builder.into_inner().unwrap()
}

#[test]
fn packages_of_rpm_are_read_whatever_packs_them() {
    for (name, bytes) in stored!["rpm_gzip", "rpm_xz", "rpm_zstd", "rpm_bzip2", "rpm_lzma"] {
        let report = of("a.rpm", bytes);
        assert_eq!(places(&report), [("a.rpm!/usr/lib/a.c", 2)], "{name}: {:?}", left_out(&report));
        assert_eq!(left_out(&report), [("a.rpm!/usr/lib/b.c", "symlink", "")], "{name}");
    }
    let bare = rpm(&cpio(&[("./usr/lib/a.c", 0o100_644, SOURCE)]));
    assert_eq!(places(&of("a.rpm", &bare)), [("a.rpm!/usr/lib/a.c", 2)]);
}

#[test]
fn packages_of_debian_are_read_with_xz_and_zstd_members() {
    for (name, bytes) in stored!["deb_xz", "deb_zstd"] {
        let report = of("a.deb", bytes);
        let [(path, 2)] = places(&report)[..] else { panic!("{name}: {:?}", left_out(&report)) };
        assert!(path.starts_with("a.deb!/data.tar.") && path.ends_with("!/usr/lib/a.c"), "{path}");
    }
}

#[test]
fn packed_tars_and_cpios_are_read_whatever_packs_them() {
    for (name, bytes) in stored!["tar_xz", "tar_zst", "tar_bz2", "tar_lzma", "cpio"] {
        let report = of("a.lzma", bytes);
        assert_eq!(places(&report), [("a.lzma!/usr/lib/a.c", 2)], "{name}: {:?}", left_out(&report));
        assert_eq!(left_out(&report), [("a.lzma!/usr/lib/b.c", "symlink", "")], "{name}");
    }
    let streams = [xz(&tar("a.c", SOURCE)), xz(&[0; 512])].concat();
    assert_eq!(places(&of("a.tar.xz", &streams)), [("a.tar.xz!/a.c", 2)]);
}

#[test]
fn a_packed_file_that_is_no_archive_is_read_under_its_own_name() {
    assert_eq!(places(&of("a.c.xz", &xz(SOURCE))), [("a.c.xz!/a.c", 2)]);
    assert_eq!(places(&of("a.c.zst", &zstd(SOURCE))), [("a.c.zst!/a.c", 2)]);
}

#[test]
fn a_source_package_of_rpm_is_read_down_to_the_files_of_its_archive() {
    let inner = xz(&tar("small-1/a.c", SOURCE));
    let bytes = rpm(&zstd(&cpio(&[("small-1.tar.xz", 0o100_644, &inner)])));
    assert_eq!(places(&of("a.src.rpm", &bytes)), [("a.src.rpm!/small-1.tar.xz!/small-1/a.c", 2)]);
}

#[test]
fn names_longer_than_a_tar_header_holds_are_read_in_both_forms() {
    let long = format!("{}/a.c", "folder".repeat(30));
    assert_eq!(places(&of("a.tar", &tar(&long, SOURCE))), [(format!("a.tar!/{long}").as_str(), 2)]);
    let mut builder = tar::Builder::new(Vec::new());
    builder.append_pax_extensions([("path", long.as_bytes())]).unwrap();
    let mut header = tar::Header::new_ustar();
    header.set_size(SOURCE.len() as u64);
    builder.append_data(&mut header, "short.c", SOURCE).unwrap();
    assert_eq!(places(&of("a.tar", &builder.into_inner().unwrap())), [(format!("a.tar!/{long}").as_str(), 2)]);
}

#[test]
fn names_that_lead_out_of_an_archive_stay_in_it() {
    for name in ["../../etc/a.c", "/etc/a.c", "..\\..\\etc\\a.c", "./etc/./a.c"] {
        let bytes = cpio(&[(name, 0o100_644, SOURCE)]);
        assert_eq!(places(&of("a.cpio", &bytes)), [("a.cpio!/etc/a.c", 2)], "{name}");
    }
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("../../etc/a.c", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(SOURCE).unwrap();
    assert_eq!(places(&of("a.zip", &zip.finish().unwrap().into_inner())), [("a.zip!/etc/a.c", 2)]);
}

#[test]
fn symbolic_links_are_listed_and_followed_nowhere() {
    let bytes = cpio(&[("a", 0o120_777, b"/etc/passwd"), ("b.c", 0o100_644, SOURCE), ("dev", 0o020_644, b"")]);
    let report = of("a.cpio", &bytes);
    assert_eq!((left_out(&report), places(&report)), (vec![("a.cpio!/a", "symlink", "")], vec![("a.cpio!/b.c", 2)]));
    let mut builder = tar::Builder::new(Vec::new());
    for kind in [tar::EntryType::Symlink, tar::EntryType::Link] {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(0);
        builder.append_link(&mut header, "a", "/etc/passwd").unwrap();
    }
    let report = of("a.tar", &builder.into_inner().unwrap());
    assert_eq!(left_out(&report), [("a.tar!/a", "symlink", ""), ("a.tar!/a", "symlink", "")]);
}

/// A frame of Zstandard that says how large its window is, and nothing else.
fn window(log: u8) -> Vec<u8> {
    vec![0x28, 0xb5, 0x2f, 0xfd, 0, (log - 10) << 3, 1, 0, 0]
}

#[test]
fn a_window_that_would_fill_the_memory_is_refused_before_it_is_made() {
    refused("a.zst", &window(31), "a.zst", "archive", "needs a window of more than 128 MiB");
    assert_eq!(left_out(&of("a.zst", &window(27))).len(), 0);
    // A dictionary of 4 GiB less one byte: the header of the block with its check sum put right.
    let mut bytes = xz(SOURCE);
    assert_eq!((bytes[14], bytes[15]), (0x21, 1));
    bytes[16] = 40;
    let sum = crc(&bytes[12..20]);
    bytes[20..24].copy_from_slice(&sum.to_le_bytes());
    refused("a.xz", &bytes, "a.xz", "archive", "needs a window of more than 128 MiB");
    let lzma = [&[0x5d][..], &u32::MAX.to_le_bytes(), &[0xff; 8], &[0; 20]].concat();
    let lzma = [&[0x5d, 0, 0, 0, 0xf0][..], &lzma[5..]].concat();
    refused("a.lzma", &lzma, "a.lzma", "archive", "needs a window of more than 128 MiB");
}

/// CRC-32 as xz takes it.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 })
    })
}

#[test]
fn what_unpacks_to_more_than_is_taken_is_refused_by_every_reader() {
    let block = vec![0; 1 << 20];
    let mut bombs = vec![
        ("a.gz", {
            let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            (0..70).for_each(|_| writer.write_all(&block).unwrap());
            writer.finish().unwrap()
        }),
        ("a.zst", {
            let mut writer = zstd::stream::Encoder::new(Vec::new(), 1).unwrap();
            (0..70).for_each(|_| writer.write_all(&block).unwrap());
            writer.finish().unwrap()
        }),
    ];
    // Streams follow one another: the same megabytes again and again.
    let part = xz(&vec![0; 4 << 20]);
    bombs.push(("a.xz", part.repeat(17)));
    bombs.push(("a.bz2", ZEROS.repeat(17)));
    for (name, bytes) in bombs {
        let report = of(name, &bytes);
        let inner = format!("{name}!/a");
        assert_eq!(left_out(&report), [(inner.as_str(), "too-large", "")], "{name}");
        assert_eq!(report.examined.files, 0);
    }
}

/// 4 MiB of zeros, as `bzip2 -9` packs them.
const ZEROS: &[u8] = &[
    0x42, 0x5a, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, 0x56, 0x02, 0xe2, 0x88, 0x00, 0x20, 0x20, 0x48, 0x00,
    0xc0, 0x00, 0x00, 0x04, 0x00, 0x08, 0x20, 0x00, 0x30, 0xcc, 0x05, 0x29, 0xa6, 0x02, 0x01, 0xb1, 0x02, 0x01, 0xe2,
    0xee, 0x48, 0xa7, 0x0a, 0x12, 0x0a, 0xc0, 0x5c, 0x51, 0x00,
];

#[test]
fn what_is_unpacked_only_to_be_passed_over_counts_too() {
    // A folder that says it has 2 GiB of content, which no reader asks for.
    let mut header = tar::Header::new_gnu();
    header.set_path("a").unwrap();
    header.set_entry_type(tar::EntryType::Directory);
    header.set_size(2 << 30);
    header.set_cksum();
    let mut writer = zstd::stream::Encoder::new(Vec::new(), 1).unwrap();
    writer.write_all(header.as_bytes()).unwrap();
    let block = vec![0; 1 << 20];
    (0..1100).for_each(|_| writer.write_all(&block).unwrap());
    refused("a.tar.zst", &writer.finish().unwrap(), "a.tar.zst", "archive", "unpacks to more than is taken");
}

#[test]
fn a_name_as_long_as_the_archive_is_refused() {
    let mut header = tar::Header::new_gnu();
    header.set_path("././@LongLink").unwrap();
    header.set_entry_type(tar::EntryType::GNULongName);
    header.set_size(8 << 20);
    header.set_cksum();
    let bytes = [header.as_bytes().as_slice(), &vec![b'a'; 8 << 20]].concat();
    refused("a.tar", &bytes, "a.tar", "archive", "a name longer than any");
    let mut bytes = member("a", 0o100_644, b"");
    bytes[94..102].copy_from_slice(b"7fffffff");
    refused("a.cpio", &bytes, "a.cpio", "archive", "damaged header");
}

#[test]
fn damaged_packages_are_named_with_what_is_wrong() {
    let whole = rpm(&xz(&cpio(&[("a.c", 0o100_644, SOURCE)])));
    refused("a.rpm", &whole[..100], "a.rpm", "archive", "damaged header");
    refused("a.rpm", &rpm(b""), "a.rpm", "archive", "no archive in the package");
    refused("a.rpm", &rpm(b"07070X00000000"), "a.rpm", "archive", "no reader for cpio without names");
    let mut large = whole.clone();
    large[104..108].copy_from_slice(&[0xff; 4]);
    refused("a.rpm", &large, "a.rpm", "archive", "damaged header");
    let mut bytes = cpio(&[("a.c", 0o100_644, SOURCE)]);
    bytes.extend(b"\0\0\0\0more");
    refused("a.cpio", &bytes, "a.cpio", "archive", "more behind its end");
    for cut in 0..whole.len() {
        let report = of("a.rpm", &whole[..cut]);
        assert!(cut < 4 || !report.not_examined.is_empty(), "cut at {cut}");
    }
}

#[test]
fn any_cut_or_changed_byte_of_a_packed_archive_is_said_or_harmless() {
    for (name, bytes) in stored!["tar_xz", "tar_zst", "tar_bz2", "tar_lzma"] {
        for place in 0..bytes.len() {
            let mut other = bytes.to_vec();
            other[place] ^= 0x10;
            let _ = of("a.lzma", &other);
            let report = of("a.lzma", &bytes[..place]);
            let read = report.examined.files + report.not_examined.len() as u64;
            assert!(place == 0 || read > 0, "{name} cut at {place}");
        }
    }
}

#[test]
fn more_entries_than_are_taken_are_refused_whatever_holds_them() {
    // A million empty files, of 112 bytes each, in some kilobytes.
    let part = zstd(&member("a", 0o100_644, b"").repeat(10_000));
    let bytes = part.repeat(100);
    assert!(bytes.len() < 1 << 20);
    refused("a.cpio.zst", &bytes, "a.cpio.zst", "archive", "too many entries");
    // A zip archive that says it has four thousand millions: its reader would make room for them.
    let mut end = b"PK\x06\x06".to_vec();
    end.extend(44_u64.to_le_bytes());
    end.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    (0..2).for_each(|_| end.extend(u64::from(u32::MAX).to_le_bytes()));
    end.extend([0; 16]);
    end.extend(b"PK\x06\x07\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0");
    end.extend(b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0");
    refused("a.zip", &[b"PK\x03\x04", &end[..]].concat(), "a.zip", "archive", "too many entries");
}

#[test]
fn archives_deeper_than_three_are_listed() {
    let mut bytes = tar("a.c", SOURCE);
    for _ in 0..4 {
        bytes = zstd(&tar("b.tar.zst", &bytes));
    }
    let path = format!("a.tar.zst{}", "!/b.tar.zst".repeat(3));
    refused("a.tar.zst", &bytes, &path, "nested-too-deep", "");
}
