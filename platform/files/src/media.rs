//! What a file is and what it may be called.

use jinmen_core::Fault;

/// Characters of a file name.
const LONGEST: usize = 200;

/// A name without folders, control characters and direction marks; a fault if nothing is left.
pub fn check_name(name: &str) -> Result<String, Fault> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let hidden = |c: char| {
        c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let clean: String = last.chars().filter(|c| !hidden(*c)).take(LONGEST).collect();
    let clean = clean.trim().trim_matches('.').to_owned();
    if clean.is_empty() { Err(crate::name_fault()) } else { Ok(clean) }
}

/// The media type by the first bytes, and by the name where those do not tell. What could run in a
/// browser is called plain text.
pub fn media_type(name: &str, head: &[u8]) -> &'static str {
    let extension = name.rsplit('.').next().unwrap_or_default().to_lowercase();
    match head {
        [0x25, 0x50, 0x44, 0x46, ..] => "application/pdf",
        [0x89, 0x50, 0x4e, 0x47, ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        [0x50, 0x4b, 0x03, 0x04, ..] => match extension.as_str() {
            "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "ofd" => "application/ofd",
            _ => "application/zip",
        },
        _ => match extension.as_str() {
            "csv" => "text/csv",
            "txt" | "md" | "json" | "xml" | "html" | "htm" | "svg" | "js" => "text/plain",
            _ => "application/octet-stream",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_never_leads_anywhere() {
        assert_eq!(check_name("../../etc/passwd").unwrap(), "passwd");
        assert_eq!(check_name("C:\\tmp\\营业执照.pdf").unwrap(), "营业执照.pdf");
        assert_eq!(check_name("a\u{202e}fdp.exe\0").unwrap(), "afdp.exe");
        for name in ["", "..", "/", " . ", "\u{202e}"] {
            assert!(check_name(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn a_page_pretending_to_be_a_picture_stays_harmless() {
        assert_eq!(media_type("a.png", b"<script>"), "application/octet-stream");
        assert_eq!(media_type("a.svg", b"<svg onload=x>"), "text/plain");
        assert_eq!(media_type("a.pdf", b"%PDF-1.7"), "application/pdf");
    }
}
