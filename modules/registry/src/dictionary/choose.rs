//! The code that a person means.

use jinmen_core::Fault;
use jinmen_core::codes::CodeList;
use jinmen_core::codes::lists::Entry;
use store::text::fold;

use super::lists::Lists;

/// How many matches are looked at; more share a name than any list has alike.
const LOOKED_AT: usize = 60;

/// By code, by name (also 6511 软件开发 and 软件开发(6511)), by another name, or by the only name it is
/// part of.
pub(super) fn choose(lists: &Lists, list: &str, text: &str) -> Result<String, Fault> {
    let given = text.trim();
    let Some(list) = lists.get(list) else {
        return Err(Fault::new("registry.value.no_list").with("list", list));
    };
    let folded = fold(given);
    let plain = jinmen_core::codes::text::fold(given).to_uppercase();
    let exact = list.entry(given).or_else(|| list.entry(&plain)).or_else(|| list.entry(&folded));
    if let Some(entry) = exact {
        return Ok(entry.code.to_owned());
    }
    if let Some(code) = lists.alias(list.name(), &folded) {
        return Ok(code.to_owned());
    }
    let found = list.search(given, LOOKED_AT);
    let named: Vec<Entry> = found
        .iter()
        .filter(|entry| fold(entry.zh) == folded || entry.en.is_some_and(|en| fold(en) == folded))
        .copied()
        .collect();
    if let Some(code) = only(list, &named).or_else(|| by_full_name(list, &found, &folded)) {
        return Ok(code.to_owned());
    }
    if let Some(code) = code_and_name(lists, list, &plain) {
        return Ok(code);
    }
    let whole = if named.is_empty() { whole_places(list, &found, &folded) } else { Vec::new() };
    match (only(list, &whole), only(list, &found)) {
        (Some(code), _) => Ok(code.to_owned()),
        (None, Some(code)) if named.is_empty() && folded.chars().count() > 1 => Ok(code.to_owned()),
        _ => Err(refusal(list, given, if named.is_empty() { &found } else { &named })),
    }
}

/// The only entry; of a chain of entries below each other with one name (652 and 6520 are both
/// 集成电路设计), the lowest.
fn only(list: &dyn CodeList, entries: &[Entry]) -> Option<&'static str> {
    let (first, others) = entries.split_first()?;
    let mut lowest = *first;
    for entry in others {
        if entry.parent != Some(lowest.code) || fold(entry.zh) != fold(first.zh) {
            return None;
        }
        lowest = *entry;
    }
    list.entry(lowest.code).map(|entry| entry.code)
}

/// 天津市河西区, also 天津河西区: a name with the names above it, each whole or without 省 and 市.
fn by_full_name(list: &dyn CodeList, found: &[Entry], folded: &str) -> Option<&'static str> {
    let bare = |name: &str| fold(name).replace(['省', '市'], "");
    let same = |entry: &Entry| list.full_label_zh(entry.code).is_some_and(|full| bare(&full) == bare(folded));
    if let Some(entry) = found.iter().find(|entry| same(entry)) {
        return Some(entry.code);
    }
    let ends = folded.char_indices().skip(2).take(6).filter(|_| list.name() == "region");
    let mut matches = ends.flat_map(|(at, _)| list.search(&folded[at..], 4)).filter(same);
    matches.next().map(|entry| entry.code)
}

/// 河西 for 河西区, where only one place of the list is called so.
fn whole_places(list: &dyn CodeList, found: &[Entry], folded: &str) -> Vec<Entry> {
    let places = ["省", "市", "区", "县", "街道", "镇", "乡"].map(|place| format!("{folded}{place}"));
    let is_place = |entry: &&Entry| list.name() == "region" && places.contains(&fold(entry.zh));
    found.iter().filter(is_place).copied().collect()
}

/// A code and a name together: 6511 软件开发, I65-软件, 软件开发(6511).
fn code_and_name(lists: &Lists, list: &dyn CodeList, plain: &str) -> Option<String> {
    let is_code = |c: char| c.is_ascii_alphanumeric();
    let mut parts = plain.split(|c: char| !is_code(c)).filter(|part| !part.is_empty());
    let code = parts.next().filter(|part| part.chars().any(|c| c.is_ascii_digit()) && parts.next().is_none())?;
    let name: String = plain.replacen(code, "", 1).chars().filter(|c| c.is_alphanumeric()).collect();
    let entry = list.entry(code)?;
    let key = store::text::name_key(&name);
    let known = store::text::name_key(entry.zh);
    let same = !key.is_empty() && (known.contains(&key) || key.contains(&known));
    (same || lists.alias(list.name(), &fold(&name)) == Some(entry.code)).then(|| entry.code.to_owned())
}

fn refusal(list: &dyn CodeList, given: &str, found: &[Entry]) -> Fault {
    let near = if found.is_empty() { nearest(list, given) } else { found.iter().take(3).copied().collect() };
    let names: Vec<String> = near
        .iter()
        .map(|entry| format!("{} {}", entry.code, list.full_label_zh(entry.code).unwrap_or_default()))
        .collect();
    let code = if found.len() > 1 { "registry.value.code_ambiguous" } else { "registry.value.code_unknown" };
    Fault::new(code).with("text", given.chars().take(40).collect::<String>()).with("candidates", names.join("；"))
}

/// What shares the beginning of the name; of a short list, its first entries.
fn nearest(list: &dyn CodeList, given: &str) -> Vec<Entry> {
    let characters: Vec<char> = given.chars().take(8).collect();
    let longest = (2..characters.len()).rev();
    let beginning =
        longest.map(|end| list.search(&characters[..end].iter().collect::<String>(), 3)).find(|near| !near.is_empty());
    beginning.unwrap_or_else(|| {
        if list.len() <= 12 { list.children(None).into_iter().take(3).collect() } else { Vec::new() }
    })
}
