//! What is said of a body that is longer than its route takes, or cannot be read.

use axum::http::StatusCode;
use jinmen_core::Error;

use crate::ops::attach_document;

/// A part of a form with files that cannot be read.
pub fn unreadable(error: axum::extract::multipart::MultipartError) -> Error {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge(attach_document::MOST_BYTES as u64),
        _ => Error::field("file", "core.form"),
    }
}

/// A stream that broke off because the body was too long says so as an error of reading.
pub fn too_large(error: Error) -> Error {
    match error {
        Error::Internal(cause) if names_limit(cause.as_ref()) => Error::TooLarge(attach_document::MOST_BYTES as u64),
        other => other,
    }
}

/// Whether an error, or what it came from, is that a body was longer than its route takes: the words of the library are the
/// only sign of it once a stream has wrapped it.
fn names_limit(cause: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(cause), |one| one.source()).any(|one| one.to_string().contains("length limit"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Wrapped(&'static str, Option<Box<Wrapped>>);

    impl std::fmt::Display for Wrapped {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.0)
        }
    }

    impl std::error::Error for Wrapped {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            self.1.as_deref().map(|inner| inner as &(dyn std::error::Error + 'static))
        }
    }

    #[test]
    fn a_body_that_is_too_long_is_known_however_often_its_error_was_wrapped() {
        let limit = Wrapped("length limit exceeded", None);
        let wrapped = Wrapped("cannot read a field", Some(Box::new(Wrapped("stream failed", Some(Box::new(limit))))));
        let told = too_large(Error::Internal(std::io::Error::other(wrapped).into()));
        assert!(matches!(told, Error::TooLarge(_)));
        let other = too_large(Error::Internal(std::io::Error::other(Wrapped("disk full", None)).into()));
        assert!(matches!(other, Error::Internal(_)));
    }
}
