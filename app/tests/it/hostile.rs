//! Tables that were made to do harm, handed to the running program as a browser hands them: each gets an answer that
//! says what is wrong, soon, and the program's memory stays small.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::program::{Running, ask, command, where_to, words};

/// How much the resident memory of the program may grow, all uploads together.
const MOST_GROWTH: u64 = 96 << 20;
/// The longest that an answer takes, of a program built for tests on a machine that does other things.
const MOST_TIME: Duration = Duration::from_secs(20);

/// The most memory that a process ever had resident, in bytes.
fn peak(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}

/// Somebody of an alliance, signed in: the cookie.
fn desk(folder: &Path, address: &str) -> String {
    const PASSWORD: &str = "a long sentence of one's own";
    let secret = folder.join("secret");
    std::fs::write(&secret, PASSWORD).unwrap();
    let place = where_to(None, folder);
    let add = ["user", "add", "desk", "--name", "desk", "--role", "secretariat", "--organization", "天津演示联盟"];
    let arguments = add.into_iter().chain(["--password-stdin"]).chain(place.iter().map(String::as_str));
    let mut adding = command(&arguments.collect::<Vec<_>>());
    let added = adding.stdin(std::fs::File::open(&secret).unwrap()).output().unwrap();
    assert_eq!(added.status.code(), Some(0), "{}", words(&added));
    let body = json!({ "account": "desk", "password": PASSWORD }).to_string();
    let length = body.len();
    let answer = ask(
        address,
        &format!(
            "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        ),
    );
    let cookie = answer.split("set-cookie: ").nth(1).unwrap_or_else(|| panic!("{answer}"));
    cookie.split(';').next().unwrap().to_owned()
}

/// Hands a file in; the status and the whole answer.
fn upload(address: &str, cookie: &str, name: &str, file: &[u8]) -> (u16, String) {
    let head = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    let tail = "\r\n--edge--\r\n";
    let mut stream = TcpStream::connect(address.trim_start_matches("http://")).unwrap();
    let length = head.len() + file.len() + tail.len();
    write!(
        stream,
        "POST /work/imports HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: {cookie}\r\nAccept-Language: en\r\n\
         Content-Type: multipart/form-data; boundary=edge\r\nContent-Length: {length}\r\n\r\n{head}"
    )
    .unwrap();
    stream.write_all(file).unwrap();
    stream.write_all(tail.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    (answer[9..12].parse().unwrap(), answer)
}

/// A part of an archive: its name, how it is packed (0 not at all, 8 deflated), its packed bytes, the size it claims.
struct Part {
    name: String,
    method: u16,
    packed: Vec<u8>,
    claims: u32,
}

impl Part {
    fn plain(name: &str, bytes: Vec<u8>) -> Self {
        let claims = u32::try_from(bytes.len()).unwrap();
        Self { name: name.into(), method: 0, packed: bytes, claims }
    }
}

/// A zip archive that says whatever its parts claim.
fn zip(parts: &[Part]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for part in parts {
        let at = u32::try_from(archive.len()).unwrap();
        let mut common = Vec::new();
        common.extend([20, 0, 0, 0]);
        common.extend(part.method.to_le_bytes());
        common.extend([0, 0, 0x21, 0x52]);
        common.extend(crc(&part.packed, part.method).to_le_bytes());
        common.extend(u32::try_from(part.packed.len()).unwrap().to_le_bytes());
        common.extend(part.claims.to_le_bytes());
        common.extend(u16::try_from(part.name.len()).unwrap().to_le_bytes());
        common.extend([0, 0]);
        archive.extend(b"PK\x03\x04");
        archive.extend(&common);
        archive.extend(part.name.as_bytes());
        archive.extend(&part.packed);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(part.name.as_bytes());
    }
    let (count, start) = (u16::try_from(parts.len()).unwrap(), u32::try_from(archive.len()).unwrap());
    archive.extend(&directory);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    archive.extend(u32::try_from(directory.len()).unwrap().to_le_bytes());
    archive.extend(start.to_le_bytes());
    archive.extend([0, 0]);
    archive
}

/// The check sum of a part that is not packed; of one that is nobody comes so far as to ask.
fn crc(bytes: &[u8], method: u16) -> u32 {
    if method != 0 {
        return 0;
    }
    let table: Vec<u32> = (0..256_u32)
        .map(|byte| (0..8).fold(byte, |value, _| if value & 1 == 1 { 0xEDB8_8320 ^ (value >> 1) } else { value >> 1 }))
        .collect();
    !bytes.iter().fold(!0, |sum, byte| table[((sum ^ u32::from(*byte)) & 0xFF) as usize] ^ (sum >> 8))
}

/// What deflate unpacks to so many bytes, all alike: one block of fixed codes (RFC 1951), five literals and then
/// "the last byte 258 times more", 13 bits each, until there are enough.
fn blown_up(bytes: u64) -> Vec<u8> {
    let (mut packed, mut bits, mut held) = (Vec::new(), 0_u64, 0);
    let mut put = |packed: &mut Vec<u8>, value: u64, count: u32| {
        bits |= value << held;
        held += count;
        while held >= 8 {
            packed.push(bits as u8);
            bits >>= 8;
            held -= 8;
        }
    };
    put(&mut packed, 0b011, 3);
    // Byte 144 has the first of the codes of nine bits, 110010000, written from its first bit on.
    (0..5).for_each(|_| put(&mut packed, 0b0_0001_0011, 9));
    let mut eight = Vec::new();
    // Length 258 is code 285, 11000101, again from its first bit on; distance 1 is 00000.
    (0..8).for_each(|_| put(&mut eight, 0b1010_0011, 13));
    let times = usize::try_from(bytes / (8 * 258)).unwrap();
    packed.extend(eight.repeat(times));
    packed.push(0);
    packed
}

/// A workbook with one sheet, and these parts.
fn book(parts: impl IntoIterator<Item = Part>) -> Vec<u8> {
    let part = |name: &str, text: String| Part::plain(name, text.into_bytes());
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let related = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{relations}/{kind}\" \
             Target=\"{target}\"/></Relationships>"
        )
    };
    let sheets = format!("<sheets><sheet name=\"a\" sheetId=\"1\" xmlns:r=\"{relations}\" r:id=\"r1\"/></sheets>");
    let usual = [
        part("[Content_Types].xml", format!("<Types xmlns=\"{package}/content-types\"></Types>")),
        part("_rels/.rels", related("officeDocument", "xl/workbook.xml")),
        part("xl/workbook.xml", format!("<workbook>{sheets}</workbook>")),
        part("xl/_rels/workbook.xml.rels", related("worksheet", "worksheets/sheet1.xml")),
    ];
    zip(&usual.into_iter().chain(parts).collect::<Vec<_>>())
}

const SHEET: &str = "xl/worksheets/sheet1.xml";
const HEADINGS: &str = "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>单位名称</v></c></row>";

fn sheet(dimension: &str, rows: &str) -> Vec<u8> {
    let start = format!("<worksheet><dimension ref=\"{dimension}\"/><sheetData>{HEADINGS}");
    book([Part::plain(SHEET, format!("{start}{rows}</sheetData></worksheet>").into_bytes())])
}

fn deflated(name: &str, packed: Vec<u8>, claims: u32) -> Part {
    Part { name: name.into(), method: 8, packed, claims }
}

/// A million rows in a sheet, as many as one can have, with a name each.
fn million_rows() -> String {
    use std::fmt::Write;
    let mut rows = String::new();
    for row in 2..=1_048_576 {
        write!(rows, "<row r=\"{row}\"><c r=\"A{row}\"><v>7</v></c></row>").unwrap();
    }
    rows
}

/// Files with what their answer says; nothing where the first rows can be read, and the next page is shown.
fn files() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    const BOMB: &str = "unpacks to an unreasonable size";
    const DAMAGED: &str = "The file is damaged";
    let inner = zip(&[deflated("a.bin", blown_up(1 << 30), u32::MAX - 1)]);
    let many = (0..60_000).map(|number| Part::plain(&format!("xl/worksheets/{number}.xml"), Vec::new()));
    let long = "x".repeat(10 << 20);
    let long_row = format!("<row r=\"2\"><c r=\"A2\" t=\"str\"><v>{long}</v></c></row>");
    let rows = |count: usize, row: &str| format!("单位名称,b\n{}", row.repeat(count)).into_bytes();
    // Empty lines are rows of a spreadsheet too, and soon read.
    let too_many = [rows(1_048_576, "\n"), b"7,8\n".to_vec()].concat();
    vec![
        ("says-two-gigabytes.xlsx", book([deflated(SHEET, blown_up(2 << 30), 2 << 30)]), BOMB),
        ("claims-four-gigabytes.xlsx", book([deflated(SHEET, blown_up(1 << 20), u32::MAX - 1)]), BOMB),
        ("claims-little-and-is-two-gigabytes.xlsx", book([deflated(SHEET, blown_up(2 << 30), 4_000)]), DAMAGED),
        ("an-archive-as-its-sheet.xlsx", book([Part::plain(SHEET, inner)]), "far longer than"),
        ("sixty-thousand-parts.xlsx", book(many), BOMB),
        ("a-cell-of-ten-megabytes.csv", format!("单位名称,b\n{long},1\n").into_bytes(), "Cell A2 has more than"),
        ("a-cell-of-ten-megabytes.xlsx", sheet("A1", &long_row), "far longer than"),
        ("claims-all-cells.xlsx", sheet("A1:XFD1048576", "<row r=\"2\"><c r=\"A2\"><v>7</v></c></row>"), ""),
        ("a-million-rows.xlsx", sheet("A1:A2", &million_rows()), ""),
        ("a-million-rows.csv", rows(1_048_575, "7,8\n"), ""),
        ("too-many-rows.csv", too_many, "More than 1048576 rows; split it"),
    ]
}

#[test]
fn files_made_to_fill_the_memory_are_answered_soon_and_fill_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (serving, address) = Running::serve(&where_to(None, folder.path()));
    let cookie = desk(folder.path(), &address);
    let before = peak(serving.id());
    for (name, bytes, said) in files() {
        let began = Instant::now();
        let (status, answer) = upload(&address, &cookie, name, &bytes);
        let (took, grown) = (began.elapsed(), peak(serving.id()).saturating_sub(before));
        assert_eq!(status, if said.is_empty() { 303 } else { 422 }, "{name}: {answer}");
        assert!(answer.contains(said), "{name}: {answer}");
        assert!(took < MOST_TIME, "{name}: {took:?}");
        assert!(grown < MOST_GROWTH, "{name}: the program grew by {} MB", grown >> 20);
    }
    assert_eq!(serving.stop(), Some(0));
}
