//! What several pages of the registry have in common.

use jinmen_core::{Locale, Object};
pub(crate) use module::pages::{
    FilePage, ListPage, Pair, Panel, Paragraph, Rows, again, button_form, encoded, form_page, frame, pairs,
    query_without,
};
use ui::{Choice, Words};

use crate::dictionary::dictionary;

/// Codes and names of a list, for a select; with an empty choice where the list is a filter.
pub(crate) fn choices(list: &str, locale: Locale) -> Vec<Choice> {
    let Some(codes) = dictionary().list(list) else { return Vec::new() };
    codes
        .children(None)
        .into_iter()
        .map(|entry| Choice::new(entry.code, dictionary().label(list, entry.code, locale)))
        .collect()
}

/// The badge of a source.
pub(crate) fn source_of(source: crate::model::Source) -> ui::Source {
    match source {
        crate::model::Source::SelfDeclared => ui::Source::Declared,
        crate::model::Source::Imported => ui::Source::Imported,
        crate::model::Source::Computed => ui::Source::Computed,
        crate::model::Source::Verified => ui::Source::Verified,
    }
}

/// The keys that facts were recorded of, or the reason of a withdrawal.
fn details(t: &Words, entry: &record::Entry) -> String {
    let Some(data) = &entry.data else { return t.of("registry-forgotten") };
    if let Some(facts) = data.get("facts").and_then(|facts| facts.as_array()) {
        let mut labels: Vec<&str> = facts
            .iter()
            .filter_map(|fact| dictionary().get(fact.get("key")?.as_str()?))
            .map(|key| key.label(t.locale))
            .collect();
        labels.dedup();
        let more = labels.len() > 6;
        labels.truncate(6);
        let joined = labels.join(if t.is_chinese() { "、" } else { ", " });
        return if more { format!("{joined}…") } else { joined };
    }
    data.get("reason").and_then(|reason| reason.as_str()).unwrap_or_default().to_owned()
}

/// The page of a subject.
pub(crate) fn page_of(subject: &Object) -> String {
    match subject.kind.as_str() {
        "person" => format!("/work/people/{}", subject.id),
        _ => format!("/work/organizations/{}", subject.id),
    }
}

/// A history in words.
pub(crate) fn history(t: &Words, entries: &[record::Entry]) -> ui::Timeline {
    module::pages::history(t, entries, |entry| details(t, entry))
}
