//! Which key a heading of a table means.

use std::collections::HashMap;

use jinmen_core::Locale;
use store::text::name_key;

use super::key::{FactKey, FactType, Subject, Target};
use crate::table::Heading;

/// A key that a heading may mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Candidate<'a> {
    /// The key.
    pub key: &'a FactKey,
    /// How likely, 0 to 100; from 90 on the heading is one of the key's own.
    pub score: u8,
}

/// Below this a likeness is chance.
const LEAST: i32 = 60;

/// Words that say of which type a column is: a heading with one of them and a key of another type do
/// not go together, unless the key's own heading has the word too.
const SHAPES: [(&[&str], &[FactType]); 7] = [
    (&["占比", "比例", "比重", "率", "增速", "增长", "同比"], &[FactType::Ratio]),
    (&["日期", "时间", "年月"], &[FactType::Date]),
    (&["编号", "号码", "代码", "名称", "姓名", "电话", "手机"], &[FactType::Text, FactType::Code]),
    (&["金额", "费用", "收入", "额"], &[FactType::Money]),
    (&["人数", "数量", "个数", "项数"], &[FactType::Integer]),
    (&["是否", "有无"], &[FactType::Boolean, FactType::Code]),
    (&["备注", "说明", "附件", "情况"], &[FactType::Text, FactType::Records]),
];

/// The headings of all keys, folded.
pub(super) struct Headers {
    /// Subject and folded heading: position of the key and score.
    exact: HashMap<(Subject, String), Vec<(usize, u8)>>,
    /// Folded heading and its characters, for likeness.
    all: Vec<(Subject, String, usize, usize)>,
}

impl Headers {
    pub(super) fn new(keys: &[FactKey]) -> Self {
        let mut headers = Self { exact: HashMap::new(), all: Vec::new() };
        for (at, key) in keys.iter().enumerate() {
            let own = [(key.label(Locale::ZhCn), 100), (key.key.as_str(), 100), (key.label(Locale::En), 98)];
            let others = key.synonyms.iter().map(|word| (word.as_str(), 96));
            for (heading, score) in own.into_iter().chain(others) {
                let folded = name_key(heading);
                let listed = headers.exact.entry((key.subject, folded.clone())).or_default();
                if listed.iter().all(|(known, _)| *known != at) {
                    listed.push((at, score));
                    headers.all.push((key.subject, folded.clone(), folded.chars().count(), at));
                }
            }
        }
        headers
    }

    pub(super) fn candidates<'a>(&self, keys: &'a [FactKey], subject: Subject, text: &str) -> Vec<Candidate<'a>> {
        let heading = Heading::parse(text);
        if heading.span {
            return Vec::new();
        }
        let mut best: HashMap<usize, i32> = HashMap::new();
        let mut forms = vec![name_key(&heading.core), name_key(&heading.bare()), name_key(text)];
        forms.dedup();
        for core in forms.into_iter().filter(|core| !core.is_empty()) {
            for (at, score) in self.exact.get(&(subject, core.clone())).into_iter().flatten() {
                raise(&mut best, *at, i32::from(*score));
            }
            self.alike(keys, subject, &core, &mut best);
        }
        let mut found: Vec<(i32, usize)> =
            best.into_iter().filter(|(_, score)| *score >= LEAST).map(|(at, score)| (-score, at)).collect();
        found.sort_unstable();
        found
            .into_iter()
            .map(|(score, at)| Candidate { key: &keys[at], score: score.unsigned_abs().min(100) as u8 })
            .collect()
    }

    /// One contains the other: the closer their lengths, the likelier.
    fn alike(&self, keys: &[FactKey], subject: Subject, core: &str, best: &mut HashMap<usize, i32>) {
        let length = core.chars().count();
        for (owner, heading, own, at) in &self.all {
            if *owner != subject || length < 2 || *own < 2 || *own == length {
                continue;
            }
            let score = if core.contains(heading.as_str()) {
                50 + share(38, *own, length)
            } else if heading.contains(core) {
                40 + share(38, length, *own)
            } else {
                continue;
            };
            raise(best, *at, score - misfit(&keys[*at], core, heading));
        }
    }
}

fn raise(best: &mut HashMap<usize, i32>, at: usize, score: i32) {
    let known = best.entry(at).or_insert(score);
    *known = (*known).max(score);
}

fn share(points: usize, part: usize, whole: usize) -> i32 {
    i32::try_from(points * part / whole.max(1)).unwrap_or(0)
}

/// Points off for a word that says another type than the key has.
fn misfit(key: &FactKey, core: &str, heading: &str) -> i32 {
    let wrong = SHAPES.iter().any(|(words, kinds)| {
        let said = words.iter().any(|word| core.contains(word) && !heading.contains(word));
        said && !kinds.contains(&key.kind)
    });
    // Names of people and numbers of things are text too, but never a heading that is merely alike.
    let named = key.kind == FactType::Text && key.target != Target::Fact;
    i32::from(wrong) * 30 + i32::from(named) * 8
}
