//! Copies of files that say nothing of who made them, for blind rounds: author, company, editing software, comments' authors
//! and the rest of what office programs and cameras write beside the content. What stands in the content itself stays.

use std::io::{Cursor, Read, Write};

use lopdf::{Dictionary, Document, Object};

/// The largest file of which a copy is made.
pub const BYTES_MOST: u64 = 64 * 1024 * 1024;
/// What the parts of an office document may come to when they are unpacked.
const UNPACKED_MOST: u64 = 256 * 1024 * 1024;
/// Parts of an office document.
const PARTS_MOST: usize = 10_000;

/// Why there is no copy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kept {
    /// A kind of file that is not known here: an old office format, an archive, a film.
    Unknown,
    /// It is locked with a password.
    Locked,
    /// It cannot be read as what it begins like.
    Broken,
    /// It is too large.
    Large,
}

/// The ending of a copy.
pub fn ending(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [b'%', b'P', b'D', b'F', ..] => Some("pdf"),
        [0xff, 0xd8, 0xff, ..] => Some("jpg"),
        [0x89, b'P', b'N', b'G', ..] => Some("png"),
        [b'P', b'K', 3, 4, ..] => office_ending(bytes),
        bytes if std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0')) => Some("txt"),
        _ => None,
    }
}

fn office_ending(bytes: &[u8]) -> Option<&'static str> {
    let zip = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let has = |folder: &str| zip.file_names().flatten().any(|name| name.starts_with(folder));
    [("word/", "docx"), ("ppt/", "pptx"), ("xl/", "xlsx")]
        .into_iter()
        .find(|(folder, _)| has(folder))
        .map(|(_, end)| end)
}

/// A copy without what tells who made it.
///
/// # Errors
/// Why there is none.
pub fn strip(bytes: &[u8]) -> Result<Vec<u8>, Kept> {
    if bytes.len() as u64 > BYTES_MOST {
        return Err(Kept::Large);
    }
    match ending(bytes) {
        Some("pdf") => pdf(bytes),
        Some("jpg") => jpeg(bytes),
        Some("png") => png(bytes),
        Some("docx" | "pptx" | "xlsx") => office(bytes),
        Some(_) => Ok(bytes.to_vec()),
        None => Err(Kept::Unknown),
    }
}

/// Entries of dictionaries of a PDF that tell of people and programs.
const PDF_KEYS: [&[u8]; 6] = [b"Metadata", b"PieceInfo", b"LastModified", b"Author", b"Creator", b"Producer"];

fn pdf(bytes: &[u8]) -> Result<Vec<u8>, Kept> {
    // The library is made for sound files; one that breaks it is kept back like any other that cannot be read.
    let made = std::panic::catch_unwind(|| pdf_of(bytes));
    made.unwrap_or(Err(Kept::Broken))
}

fn pdf_of(bytes: &[u8]) -> Result<Vec<u8>, Kept> {
    let mut document = Document::load_mem(bytes).map_err(|_| Kept::Broken)?;
    if document.is_encrypted() || document.trailer.has(b"Encrypt") {
        return Err(Kept::Locked);
    }
    if document.get_pages().is_empty() {
        return Err(Kept::Broken);
    }
    if let Some(Object::Reference(info)) = document.trailer.remove(b"Info") {
        document.objects.remove(&info);
    }
    document.trailer.remove(b"ID");
    for object in document.objects.values_mut() {
        match object {
            Object::Dictionary(dictionary) => clean(dictionary),
            Object::Stream(stream) => clean(&mut stream.dict),
            _ => {}
        }
    }
    // Streams of metadata that nothing names any more go with everything else that nothing names.
    document.prune_objects();
    let mut copy = Vec::with_capacity(bytes.len());
    document.save_to(&mut copy).map_err(|_| Kept::Broken)?;
    Ok(copy)
}

fn clean(dictionary: &mut Dictionary) {
    for key in PDF_KEYS {
        dictionary.remove(key);
    }
    // The title of an annotation is its author.
    let is_note = dictionary.get(b"Type").and_then(Object::as_name).is_ok_and(|name| name == b"Annot");
    if is_note || (dictionary.has(b"Subtype") && dictionary.has(b"Rect") && dictionary.has(b"Contents")) {
        dictionary.remove(b"T");
    }
}

/// Parts of an office document that hold nothing but properties, and what stands in their place.
const PARTS: [(&str, &str); 3] = [
    (
        "docProps/core.xml",
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><cp:coreProperties \
         xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\"/>",
    ),
    (
        "docProps/app.xml",
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><Properties \
         xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\"/>",
    ),
    (
        "docProps/custom.xml",
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><Properties \
         xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties\"/>",
    ),
];

/// Attributes that name people: authors of comments and of tracked changes.
const ATTRIBUTES: [&str; 8] =
    ["w:author", "w:initials", "w15:author", "w15:userId", "displayName", "userId", "lastModifiedBy", "initials"];

fn office(bytes: &[u8]) -> Result<Vec<u8>, Kept> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Kept::Broken)?;
    if archive.len() > PARTS_MOST {
        return Err(Kept::Large);
    }
    let mut copy = zip::ZipWriter::new(Cursor::new(Vec::with_capacity(bytes.len())));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    let mut left = UNPACKED_MOST;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(_) => Kept::Locked,
            _ => Kept::Broken,
        })?;
        if part.is_dir() {
            continue;
        }
        let name = part.name().map_err(|_| Kept::Broken)?.into_owned();
        let mut content = Vec::new();
        part.take(left + 1).read_to_end(&mut content).map_err(|_| Kept::Broken)?;
        left = left.checked_sub(content.len() as u64).ok_or(Kept::Large)?;
        let content = part_of(&name, content);
        copy.start_file(name.as_str(), options).map_err(|_| Kept::Broken)?;
        copy.write_all(&content).map_err(|_| Kept::Broken)?;
    }
    Ok(copy.finish().map_err(|_| Kept::Broken)?.into_inner())
}

/// A part of an office document without people.
fn part_of(name: &str, content: Vec<u8>) -> Vec<u8> {
    if let Some((_, plain)) = PARTS.iter().find(|(part, _)| part.eq_ignore_ascii_case(name)) {
        return plain.as_bytes().to_vec();
    }
    if !name.ends_with(".xml") {
        return match ending(&content) {
            // Pictures in a document come from cameras, too.
            Some("jpg") => jpeg(&content).unwrap_or(content),
            Some("png") => png(&content).unwrap_or(content),
            _ => content,
        };
    }
    let Ok(mut text) = String::from_utf8(content) else { return Vec::new() };
    for attribute in ATTRIBUTES {
        text = blank(&text, &format!(" {attribute}=\""), "\"");
    }
    if name.contains("commentAuthors") {
        text = blank(&text, " name=\"", "\"");
    }
    if name.contains("comments") {
        text = blank(&text, "<author>", "</author>");
    }
    text.into_bytes()
}

/// A text in which nothing stands between two marks any more.
fn blank(text: &str, from: &str, to: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(from) {
        let (before, after) = rest.split_at(at + from.len());
        out.push_str(before);
        match after.find(to) {
            Some(end) => rest = &after[end..],
            None => return out + after,
        }
    }
    out + rest
}

/// A picture without Exif, XMP, IPTC and comments.
fn jpeg(bytes: &[u8]) -> Result<Vec<u8>, Kept> {
    let mut out = vec![0xff, 0xd8];
    let mut at = 2;
    loop {
        let &[mark, kind, high, low] = bytes.get(at..at + 4).ok_or(Kept::Broken)? else { return Err(Kept::Broken) };
        if mark != 0xff {
            return Err(Kept::Broken);
        }
        if kind == 0xda {
            // The picture itself begins: everything that follows stays.
            out.extend_from_slice(&bytes[at..]);
            return Ok(out);
        }
        let length = usize::from(u16::from_be_bytes([high, low])) + 2;
        let segment = bytes.get(at..at + length).filter(|_| length >= 4).ok_or(Kept::Broken)?;
        if !matches!(kind, 0xe1..=0xed | 0xef | 0xfe) {
            out.extend_from_slice(segment);
        }
        at += length;
    }
}

/// A picture without texts, Exif and times.
fn png(bytes: &[u8]) -> Result<Vec<u8>, Kept> {
    const BEGIN: usize = 8;
    let mut out = bytes.get(..BEGIN).ok_or(Kept::Broken)?.to_vec();
    let mut at = BEGIN;
    while at < bytes.len() {
        let head = bytes.get(at..at + 8).ok_or(Kept::Broken)?;
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let chunk = bytes.get(at..at.saturating_add(length).saturating_add(12)).ok_or(Kept::Broken)?;
        if ![b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"tIME"].iter().any(|kind| head[4..8] == kind[..]) {
            out.extend_from_slice(chunk);
        }
        if &head[4..8] == b"IEND" {
            break;
        }
        at += chunk.len();
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lopdf::dictionary;

    const NAME: &str = "Zhang San Studio";

    /// A PDF that names its author everywhere.
    fn signed_pdf() -> Vec<u8> {
        let mut document = Document::with_version("1.5");
        let pages = document.new_object_id();
        let note = document.add_object(dictionary! {
            "Type" => "Annot", "Subtype" => "Text", "Rect" => vec![0.into(), 0.into(), 9.into(), 9.into()],
            "Contents" => Object::string_literal("a remark"), "T" => Object::string_literal(NAME),
        });
        let page = document.add_object(dictionary! {
            "Type" => "Page", "Parent" => pages, "MediaBox" => vec![0.into(), 0.into(), 200.into(), 200.into()],
            "Annots" => vec![note.into()],
        });
        document.objects.insert(
            pages,
            Object::Dictionary(dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 }),
        );
        let xmp = format!("<x:xmpmeta><dc:creator>{NAME}</dc:creator></x:xmpmeta>");
        let metadata = document
            .add_object(lopdf::Stream::new(dictionary! { "Type" => "Metadata", "Subtype" => "XML" }, xmp.into_bytes()));
        let catalog =
            document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages, "Metadata" => metadata });
        let info = document.add_object(dictionary! {
            "Author" => Object::string_literal(NAME), "Creator" => Object::string_literal("Writer"),
        });
        document.trailer.set("Root", catalog);
        document.trailer.set("Info", info);
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).unwrap();
        bytes
    }

    fn packed(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn unpacked(bytes: &[u8]) -> String {
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut all = String::new();
        for at in 0..zip.len() {
            zip.by_index(at).unwrap().read_to_string(&mut all).unwrap();
        }
        all
    }

    fn has(bytes: &[u8], text: &str) -> bool {
        bytes.windows(text.len()).any(|part| part == text.as_bytes())
    }

    #[test]
    fn a_pdf_says_nothing_of_its_author_and_keeps_its_pages() {
        let before = signed_pdf();
        assert!(has(&before, NAME));
        let copy = strip(&before).unwrap();
        assert!(!has(&copy, NAME) && !has(&copy, "Writer"));
        let again = Document::load_mem(&copy).unwrap();
        assert_eq!(again.get_pages().len(), 1);
        assert!(has(&copy, "a remark"), "what was remarked stays");
    }

    #[test]
    fn an_office_document_says_nothing_of_its_authors_and_keeps_its_text() {
        let before = packed(&[
            ("[Content_Types].xml", "<Types/>"),
            ("docProps/core.xml", "<cp:coreProperties><dc:creator>张三</dc:creator></cp:coreProperties>"),
            ("docProps/app.xml", "<Properties><Company>张三工作室</Company></Properties>"),
            ("docProps/custom.xml", "<Properties>张三</Properties>"),
            ("word/people.xml", "<w15:person w15:author=\"张三\" w15:userId=\"S::zhangsan\"/>"),
            ("word/document.xml", "<w:p><w:ins w:id=\"1\" w:author=\"张三\"><w:t>正文内容</w:t></w:ins></w:p>"),
            ("word/comments.xml", "<w:comment w:author=\"张三\" w:initials=\"ZS\"><w:t>意见</w:t></w:comment>"),
        ]);
        let copy = unpacked(&strip(&before).unwrap());
        assert!(!copy.contains("张三") && !copy.contains("zhangsan") && !copy.contains("ZS"), "{copy}");
        assert!(copy.contains("正文内容") && copy.contains("意见"));
        let slides = packed(&[
            ("ppt/commentAuthors.xml", "<p:cmAuthor id=\"0\" name=\"张三\" initials=\"ZS\"/>"),
            ("ppt/slides/slide1.xml", "<a:t>幻灯片</a:t>"),
        ]);
        let copy = unpacked(&strip(&slides).unwrap());
        assert!(!copy.contains("张三") && copy.contains("幻灯片"));
    }

    #[test]
    fn a_picture_loses_its_texts_and_nothing_else() {
        let segment = |kind: u8, text: &str| {
            let length = (text.len() as u16 + 2).to_be_bytes();
            [&[0xff, kind], length.as_slice(), text.as_bytes()].concat()
        };
        let scan = [0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9];
        let bytes = [
            [0xff, 0xd8].as_slice(),
            &segment(0xe0, "JFIF"),
            &segment(0xe1, NAME),
            &segment(0xed, NAME),
            &segment(0xfe, NAME),
            &segment(0xdb, "table"),
            &scan,
        ]
        .concat();
        let copy = strip(&bytes).unwrap();
        assert!(!has(&copy, NAME) && has(&copy, "JFIF") && has(&copy, "table") && copy.ends_with(&scan));
        let chunk =
            |kind: &[u8; 4], data: &[u8]| [&(data.len() as u32).to_be_bytes(), kind.as_slice(), data, &[0; 4]].concat();
        let bytes = [
            b"\x89PNG\r\n\x1a\n".as_slice(),
            &chunk(b"IHDR", &[0; 13]),
            &chunk(b"tEXt", NAME.as_bytes()),
            &chunk(b"IDAT", b"pixels"),
            &chunk(b"IEND", b""),
        ]
        .concat();
        let copy = strip(&bytes).unwrap();
        assert!(!has(&copy, NAME) && has(&copy, "pixels") && has(&copy, "IEND"));
    }

    #[test]
    fn what_cannot_be_cleaned_is_kept_back_and_says_why() {
        assert_eq!(strip(b"\xd0\xcf\x11\xe0 an old format"), Err(Kept::Unknown));
        assert_eq!(strip(b"%PDF-1.7 nothing more"), Err(Kept::Broken));
        assert_eq!(strip(&[0xff, 0xd8, 0xff, 0xe1, 0xff]), Err(Kept::Broken));
        assert_eq!(strip(b"\x89PNG\r\n\x1a\n\xff\xff\xff\xff"), Err(Kept::Broken));
        assert_eq!(strip("一段文字".as_bytes()).unwrap(), "一段文字".as_bytes());
    }
}
