//! Ways to reach a subject.

use jinmen_core::codes::MobileNumber;
use jinmen_core::{Fault, Object, Result, id};

use super::{NOTE_MOST, choice, line, required};

id!(
    /// A way to reach a subject.
    ContactId
);
store::arg_id!(ContactId);

/// A way to reach a subject, as it may be shown: masked where it is sealed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ContactPoint {
    /// Its identifier.
    pub id: ContactId,
    /// Whose it is.
    pub subject: Object,
    /// A code of the list `contact_kind`.
    pub kind: String,
    /// Whom one reaches there.
    pub label: String,
    /// The value in the clear, or masked.
    pub masked: String,
    /// Whether the value is sealed.
    pub sealed: bool,
    /// Whether the public sees it.
    pub shown: bool,
    /// From whom we know it.
    pub source: String,
}

/// A way to reach a subject, to be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewContact {
    /// A code of the list `contact_kind`.
    pub kind: String,
    /// Whom one reaches there.
    pub label: String,
    /// The value, normalised.
    pub value: String,
    /// The value as it may be shown.
    pub masked: String,
    /// Whether to seal it: mobile numbers always, and whatever belongs to a person.
    pub sealed: bool,
    /// Whether the public sees it; never for what is sealed.
    pub shown: bool,
}

impl NewContact {
    /// Checks a value of a kind. `personal` says that the subject is a person.
    pub fn parse(kind: &str, label: &str, value: &str, shown: bool, personal: bool) -> Result<Self, Fault> {
        let kind = choice("kind", "contact_kind", kind)?;
        let label = line("label", label, 60)?.unwrap_or_default();
        let value = required("value", value, NOTE_MOST)?;
        let (value, masked) = match kind.as_str() {
            "mobile" => {
                let number = MobileNumber::parse(&value).map_err(|fault| Fault::of("value", &fault))?;
                (number.expose().to_owned(), number.masked())
            }
            "email" => (email(&value)?, masked_email(&value)),
            "website" => (website(&value)?, value.clone()),
            _ => (value.clone(), masked_text(&value)),
        };
        let sealed = personal || kind == "mobile";
        let masked = if sealed { masked } else { value.clone() };
        Ok(Self { kind, label, value, masked, sealed, shown: shown && !sealed })
    }
}

fn email(text: &str) -> Result<String, Fault> {
    let fault = || Fault::at("value", "core.email");
    let (name, domain) = text.split_once('@').ok_or_else(fault)?;
    let plain = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || "._+-".contains(c));
    if plain(name) && plain(domain) && domain.contains('.') { Ok(text.to_lowercase()) } else { Err(fault()) }
}

fn website(text: &str) -> Result<String, Fault> {
    let ok = (text.starts_with("http://") || text.starts_with("https://")) && !text.contains(char::is_whitespace);
    if ok { Ok(text.to_owned()) } else { Err(Fault::at("value", "core.website")) }
}

fn masked_email(text: &str) -> String {
    let (name, domain) = text.split_once('@').unwrap_or((text, ""));
    let first: String = name.chars().take(1).collect();
    format!("{first}***@{domain}")
}

fn masked_text(text: &str) -> String {
    let length = text.chars().count();
    let shown: String = text.chars().take(length.min(8) / 3).collect();
    format!("{shown}****")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_persons_numbers_are_sealed_and_masked_whatever_was_asked() {
        let contact = NewContact::parse("mobile", "", "138 0013 8000", true, false).unwrap();
        assert_eq!((contact.value.as_str(), contact.masked.as_str()), ("13800138000", "138****8000"));
        assert!(contact.sealed && !contact.shown);
        let mail = NewContact::parse("email", "", "wang@example.org", true, true).unwrap();
        assert_eq!(mail.masked, "w***@example.org");
        assert!(!mail.shown);
    }

    #[test]
    fn an_address_that_could_run_is_no_website() {
        assert!(NewContact::parse("website", "", "javascript:alert(1)", true, false).is_err());
        assert!(NewContact::parse("website", "", "https://example.org", true, false).unwrap().shown);
    }
}
