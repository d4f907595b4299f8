//! A square of dots that a telephone's camera reads.

use askama::Template;
use qrcode::{Color, EcLevel, QrCode};

use crate::html::Html;

/// Dots of white around the square, as ISO/IEC 18004 asks.
const QUIET: usize = 4;

/// Why an address cannot be drawn: it is too long.
#[derive(Debug, thiserror::Error)]
#[error("this address is too long for a QR code: {0}")]
pub struct QrError(#[from] qrcode::types::QrError);

/// An address as a QR code (ISO/IEC 18004) that a fold or a stain does not spoil.
///
/// # Errors
/// For an address of more than some 1,600 characters.
pub fn qr(address: &str) -> Result<Html, QrError> {
    let code = QrCode::with_error_correction_level(address, EcLevel::Q)?;
    let width = code.width();
    let mut path = String::new();
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            path.push_str(&format!("M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET));
        }
    }
    Ok(Html::of(&QrView { size: width + 2 * QUIET, path, address }))
}

#[derive(Template)]
#[template(
    source = "<svg class=\"jm-qr\" role=\"img\" aria-label=\"{{ address }}\" viewBox=\"0 0 {{ size }} {{ size }}\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{{ size }}v{{ size }}H0z\"/><path fill=\"#000\" d=\"{{ path }}\"/></svg>",
    ext = "html"
)]
struct QrView<'a> {
    size: usize,
    path: String,
    address: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letters_address_fits_and_a_novel_does_not() {
        let drawn = qr("https://jinmen.example.cn/claim/7K2M-4QXF-90TA").unwrap();
        assert!(drawn.as_str().contains("viewBox=\"0 0 41 41\""), "the size changed");
        assert!(qr(&"x".repeat(5_000)).is_err());
    }
}
