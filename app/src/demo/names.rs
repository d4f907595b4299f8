//! Invented names of people and firms, none of them twice.

use std::collections::HashSet;

use jinmen_core::Text2;

use super::data::{Data, Names, Pair, Trade};
use super::seed::Seed;

/// Names of people.
pub struct People<'a> {
    names: &'a Names,
    seed: Seed,
    used: HashSet<String>,
}

impl<'a> People<'a> {
    /// The names of those one may sign in as are taken.
    pub fn new(data: &'a Data) -> Self {
        let used = data.accounts.iter().map(|account| account.name.0.clone()).collect();
        Self { names: &data.names, seed: Seed::of("people's names"), used }
    }

    /// The next name.
    pub fn next(&mut self) -> Text2 {
        loop {
            let Pair(surname, surname_en) = self.seed.pick(&self.names.surnames);
            let Pair(first, first_en) = self.seed.pick(&self.names.given);
            let second = if self.seed.chance(22) { None } else { Some(self.seed.pick(&self.names.given)) };
            let second = second.filter(|pair| pair.0 != *first);
            let zh = format!("{surname}{first}{}", second.map_or("", |pair| &pair.0));
            let en = format!("{surname_en} {}{}", capital(first_en), second.map_or("", |pair| &pair.1));
            if self.used.insert(zh.clone()) {
                return Text2::both(zh, en);
            }
        }
    }
}

/// Names of firms.
pub struct Firms<'a> {
    names: &'a Names,
    seed: Seed,
    used: HashSet<String>,
}

impl<'a> Firms<'a> {
    /// None are taken but the one that everybody meets.
    pub fn new(names: &'a Names) -> Self {
        Self { names, seed: Seed::of("firms' names"), used: HashSet::from(["数聚".to_owned()]) }
    }

    /// The next name, for a trade. Every invented firm says 演示 in its name.
    pub fn next(&mut self, trade: &Trade) -> (Text2, String) {
        loop {
            let Pair(first, first_en) = self.seed.pick(&self.names.brand_first);
            let Pair(second, second_en) = self.seed.pick(&self.names.brand_second);
            let brand = format!("{first}{second}");
            if first == second || !self.used.insert(brand.clone()) {
                continue;
            }
            let latin = format!("{first_en}{second_en}");
            let Pair(word, word_en) = &trade.word;
            return (named(&brand, &capital(&latin), word, word_en), latin);
        }
    }
}

/// The whole name of a firm.
pub fn named(brand: &str, brand_en: &str, word: &str, word_en: &str) -> Text2 {
    Text2::both(format!("天津{brand}演示{word}有限公司"), format!("Tianjin {brand_en} Demo {word_en} Co., Ltd."))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
