//! The types of the registry; no input or output.

mod claim;
mod contact;
mod decision;
mod fact;
mod import;
mod merge;
mod merge_person;
mod organization;
mod person;
mod report;
mod view;

pub use claim::{
    CheckedClaim, Claim, ClaimDraft, ClaimId, ClaimKind, ClaimProgress, ClaimState, LONGEST_DAYS, Letter, LetterCode,
    LetterId,
};
pub use contact::{ContactId, ContactPoint, NewContact};
pub use decision::{DecisionId, RuleDecision};
pub use fact::{AsOf, Fact, FactId, NewFact, Source, SubjectFile, choose};
pub use import::{Import, ImportId, ImportState, ONE_TRANSACTION_ROWS};
pub use merge::{Identity, MergeId, MergeRow, MovedFile};
pub use merge_person::{MovedPersonFile, PersonIdentity, PersonMerge};
pub use organization::{
    NewOrganization, Organization, OrganizationDraft, OrganizationFilter, OrganizationRow, Relation, RelationId,
    RelationSide,
};
pub use person::{
    Affiliation, AffiliationId, Consent, NewAffiliation, NewPerson, Person, PersonDraft, PersonFilter, PersonRow,
};
pub use report::{Figure, Half, Part, Unit};
pub use view::{SavedView, ViewId};

use jinmen_core::{Fault, Result};

/// Characters of a name.
pub const NAME_MOST: usize = 200;
/// Characters of an introduction.
pub const INTRO_MOST: usize = 4_000;
/// Characters of a short note.
pub const NOTE_MOST: usize = 500;

/// A text as typed, without what cannot be seen or stored: control characters and direction marks go,
/// white space at the ends goes. Letters of every script, rare characters and emoji stay.
pub fn clean(text: &str) -> String {
    let unseen = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    text.replace("\r\n", "\n").chars().filter(|c| !unseen(*c)).collect::<String>().trim().to_owned()
}

/// One line of at most `most` characters; `None` if nothing was typed.
pub fn line(field: &str, text: &str, most: usize) -> Result<Option<String>, Fault> {
    let text = clean(text).replace(['\n', '\t'], " ");
    let length = text.chars().count();
    if length > most {
        return Err(Fault::at(field, "core.too_long").with("most", most));
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// Several lines of at most `most` characters.
pub fn lines(field: &str, text: &str, most: usize) -> Result<String, Fault> {
    let text = clean(text);
    if text.chars().count() > most {
        return Err(Fault::at(field, "core.too_long").with("most", most));
    }
    Ok(text)
}

/// A line that must be there.
pub fn required(field: &str, text: &str, most: usize) -> Result<String, Fault> {
    line(field, text, most)?.ok_or_else(|| Fault::at(field, "core.required"))
}

/// A code of one of the registry's own lists.
pub fn choice(field: &str, list: &str, code: &str) -> Result<String, Fault> {
    let known = crate::dictionary::dictionary().list(list).is_some_and(|list| list.contains(code));
    if known { Ok(code.to_owned()) } else { Err(Fault::at(field, "core.choice")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_characters_and_emoji_stay_and_what_cannot_be_seen_goes() {
        assert_eq!(clean(" 䶮堃喆𠮷🚀\u{202e}gnp\u{0}\u{200b} "), "䶮堃喆𠮷🚀gnp");
        assert_eq!(clean("一\r\n二"), "一\n二");
    }

    #[test]
    fn a_name_of_a_thousand_characters_is_refused_with_the_limit() {
        let fault = required("name_zh", &"长".repeat(1_000), NAME_MOST).unwrap_err();
        assert_eq!(fault.args, [("most".to_owned(), "200".to_owned())]);
    }
}
