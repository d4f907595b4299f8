//! What a request pays: reading one identifier, looking one code up, searching one list of 1,971
//! industries or 3,650 regions, writing one amount, counting one deadline.
#![allow(missing_docs, reason = "a bench has no readers of documentation")]

use codes::{Calendar, Date, Money, Unit, Uscc, industry, region};
use divan::black_box;

fn main() {
    divan::main();
}

#[divan::bench]
fn parse_uscc() -> bool {
    Uscc::parse(black_box("９１３５０１００ｍ０００１００ｙ４３")).is_ok()
}

#[divan::bench]
fn look_up_a_region() -> bool {
    region::region(black_box("120103")).is_some()
}

#[divan::bench]
fn look_up_an_industry_with_its_letter() -> bool {
    industry::industry(black_box("I6511")).is_some()
}

#[divan::bench]
fn search_industries() -> usize {
    industry::search(black_box("软件"), 20).len()
}

#[divan::bench]
fn search_regions_by_words_of_the_full_name() -> usize {
    region::search(black_box("天津 河西"), 20).len()
}

#[divan::bench]
fn parse_money_in_words() -> bool {
    Money::parse(black_box("壹拾贰万伍仟元整"), Unit::Yuan).is_ok()
}

#[divan::bench]
fn write_money_in_words() -> String {
    black_box(Money::from_fen(10_700_053)).in_words()
}

#[divan::bench]
fn sixty_working_days() -> bool {
    let from = black_box(Date::MAX);
    let from = Date::new(2025, 1, from.day()).unwrap_or(from);
    Calendar::builtin().add(from, 60).is_ok()
}
