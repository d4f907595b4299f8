//! What is marked, what is not, and how long it takes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Deserialize;

use super::lines::{self, rows, spell_out};
use super::{MOST, marks};

#[derive(Deserialize)]
struct Planted {
    id: String,
    bad: String,
    kinds: String,
    text: String,
}

#[derive(Deserialize)]
struct Clause {
    id: String,
    sentence: String,
}

#[derive(Deserialize)]
struct Expected {
    file: String,
    clause: String,
    deserves: String,
    kind: String,
}

const PLANTED: &str = include_str!("../../data/red_lines/planted.csv");
const HELD: &str = include_str!("../../data/red_lines/planted_held.csv");
const CLAUSES: &str = include_str!("../../data/red_lines/corpus_clauses.csv");
const EXPECTED: &str = include_str!("../../data/red_lines/corpus_expected.csv");
const LINES: &str = include_str!("../../data/red_lines/lines.csv");
const TERMS: &str = include_str!("../../data/red_lines/terms.csv");

fn kinds(text: &str) -> BTreeSet<&'static str> {
    marks(text).iter().map(|mark| mark.kind).collect()
}

/// What went wrong with the rows of a file: bad clauses not marked as their kind, marked harmless ones, further kinds.
fn wrong(file: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
    let (mut missed, mut false_marks, mut further) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows::<Planted>(file) {
        let found = kinds(&row.text);
        let note = format!("{} {:?} {} {}", row.id, found, row.kinds, row.text);
        match row.bad.as_str() {
            "yes" if !found.contains(row.kinds.as_str()) => missed.push(note),
            "yes" if found.len() > 1 => further.push(note),
            "no" if !found.is_empty() => false_marks.push(note),
            _ => {}
        }
    }
    (missed, false_marks, further)
}

/// How many bad and harmless rows a file has, so that an empty file is no success.
fn counts(file: &str) -> (usize, usize) {
    let rows = rows::<Planted>(file);
    let bad = rows.iter().filter(|row| row.bad == "yes").count();
    (bad, rows.len() - bad)
}

#[test]
fn every_planted_clause_is_marked_and_no_harmless_one() {
    assert_eq!(counts(PLANTED), (44, 40));
    let (missed, false_marks, further) = wrong(PLANTED);
    assert!(missed.is_empty() && false_marks.is_empty(), "missed {missed:#?}, false {false_marks:#?}");
    assert!(further.len() <= 3, "{further:#?}");
}

#[test]
fn the_clauses_held_back_while_the_patterns_were_written_are_marked_too() {
    assert_eq!(counts(HELD), (20, 20));
    let (missed, false_marks, further) = wrong(HELD);
    assert!(missed.is_empty() && false_marks.is_empty(), "missed {missed:#?}, false {false_marks:#?}");
    assert!(further.len() <= 3, "{further:#?}");
}

/// Every kind has a planted clause, or nothing shows that its lines find anything.
#[test]
fn every_kind_has_a_planted_clause() {
    let planted: BTreeSet<String> =
        rows::<Planted>(PLANTED).into_iter().chain(rows::<Planted>(HELD)).map(|row| row.kinds).collect();
    let missing: Vec<_> =
        lines::all().lines.iter().map(|line| &line.kind).filter(|kind| !planted.contains(*kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_corpus_has_the_marks_that_were_expected_by_hand_and_at_most_two_more() {
    let expected = rows::<Expected>(EXPECTED);
    let clauses = rows::<Clause>(CLAUSES);
    assert_eq!(expected.len(), clauses.len());
    let wanted: BTreeMap<String, &Expected> =
        expected.iter().map(|row| (format!("{}-{}", &row.file[..2], row.clause), row)).collect();
    let (mut missed, mut beyond) = (Vec::new(), Vec::new());
    for clause in &clauses {
        let row = wanted[&clause.id];
        let found = kinds(&clause.sentence);
        if row.deserves == "yes" && !found.contains(row.kind.as_str()) {
            missed.push(clause.id.clone());
        }
        beyond.extend(found.iter().filter(|kind| **kind != row.kind).map(|kind| format!("{} {kind}", clause.id)));
    }
    assert!(missed.is_empty() && beyond.len() <= 2, "missed {missed:?}, beyond {beyond:?}");
}

#[test]
fn every_row_of_the_data_is_read() {
    let read = |text: &str| csv::Reader::from_reader(text.as_bytes()).into_records().count();
    let known: BTreeSet<&str> = lines::all().lines.iter().map(|line| line.id.as_str()).collect();
    let written: BTreeSet<String> =
        csv::Reader::from_reader(LINES.as_bytes()).into_records().map(|r| r.unwrap()[0].to_owned()).collect();
    let left_out: Vec<_> = written.iter().filter(|id| !known.contains(id.as_str())).collect();
    assert!(left_out.is_empty(), "{left_out:?}");
    assert_eq!(known.len(), read(LINES));
    for line in &lines::all().lines {
        let texts = [line.title(), line.message(), line.permitted()];
        assert!(texts.iter().all(|words| !words.zh.is_empty() && !words.en.is_empty()), "{}", line.id);
        assert!((8..=11).contains(&line.article) && (1..=6).contains(&line.item), "{}", line.id);
    }
}

#[derive(Deserialize)]
struct Term {
    name: String,
    pattern: String,
}

/// A pattern without bound could read a text again and again, and reach past the overlap of two pieces.
#[test]
fn no_pattern_has_a_gap_without_bound() {
    let terms: HashMap<String, String> = rows::<Term>(TERMS).into_iter().map(|t| (t.name, t.pattern)).collect();
    for row in csv::Reader::from_reader(LINES.as_bytes()).into_records() {
        let row = row.unwrap();
        let pattern = spell_out(&row[5], &terms);
        let bare = pattern.replace("\\.", "").replace("\\*", "");
        assert!(!bare.contains(['*', '+', '<']) && !bare.contains(",}"), "{} {pattern}", &row[0]);
    }
}

#[test]
fn full_width_signs_spaces_and_broken_lines_change_nothing_and_the_span_is_that_of_the_draft() {
    let draft = "第一条 目的。\r\n  （二）企 业承诺１０\n年内　不迁\r\n出本区的，给予“奖励”。\n";
    let found = marks(draft);
    assert_eq!(found.len(), 1, "{found:?}");
    let words: String = draft.chars().skip(found[0].chars.start).take(found[0].chars.len()).collect();
    assert_eq!(words, draft[found[0].bytes.clone()]);
    assert!(words.starts_with("承诺") && words.ends_with('出'), "{words}");
    assert_eq!((found[0].kind, found[0].article, found[0].item), ("move_out_barrier", 9, 1));
}

#[test]
fn clauses_on_lines_of_their_own_are_not_read_as_one_sentence() {
    assert!(marks("对企业给予奖励\n一、不得享受\n二、外地").is_empty());
    assert!(marks("").is_empty() && marks("\n\n \u{3000}").is_empty() && marks("。；！？").is_empty());
}

#[test]
fn a_list_of_what_must_not_be_done_is_not_marked() {
    let list = "各部门不得有下列行为：\n（一）限定购买指定的产品；\n（二）要求外地企业在本地设立分公司；\n（三）限制企业迁出。";
    assert!(marks(list).is_empty(), "{:?}", marks(list));
    assert!(!marks(&format!("{list}\n企业迁出本区的，应当退还奖励。")).is_empty());
}

#[test]
fn one_clause_can_have_marks_of_two_kinds_in_the_order_of_the_text() {
    let found = marks("外地企业须在本区设立子公司，并承诺十年内不迁出，否则退还奖励。按区级留成的50%给予返还。");
    let kinds: Vec<_> = found.iter().map(|mark| mark.kind).collect();
    assert_eq!(kinds, ["local_registration", "move_out_barrier", "tax_linked_award"]);
    assert!(found.windows(2).all(|two| two[0].chars.start <= two[1].chars.start));
}

/// Texts of a megabyte made to be slow. A quarter of each takes about a quarter of the time, or the work is not linear.
#[test]
fn hostile_drafts_are_read_to_their_end_with_bounded_marks() {
    let all_words: String = LINES.lines().skip(1).map(|line| line.split(',').nth(4).unwrap_or("")).collect();
    let planted: String = rows::<Planted>(PLANTED).into_iter().map(|row| row.text).collect();
    let seeds = [
        "在本区注册".to_owned(),
        "不得外地企业迁出本区".to_owned(),
        "区区区区市市".to_owned(),
        "\n".to_owned(),
        "\n ".to_owned(),
        "（".to_owned(),
        "a".to_owned(),
        all_words.replace('|', ""),
        all_words.replace('|', "。"),
        // Everything is called, everything is found, and everything is denied: no mark ends the work early.
        format!("不得{}", all_words.replace('|', "不得")),
        planted.replace(['，', '。', '；'], "不得"),
        planted.replace(['，', '。'], ""),
        planted,
    ];
    for seed in seeds {
        let text: String = seed.chars().cycle().take(1 << 15).collect();
        let found = marks(&text);
        assert!(found.len() <= MOST);
        assert!(found.iter().all(|mark| mark.chars.end <= 1 << 15 && !mark.chars.is_empty()), "{seed}");
    }
}
