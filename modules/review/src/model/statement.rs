//! The result of a round as a document (结果包): rules, draws, anonymised scores, ranking. Anybody computes the result again from
//! it, and a score that was changed is named.
//!
//! | part | is |
//! | --- | --- |
//! | `statement` | rules, panels with entries, draws, scores, votes, ranking |
//! | `proof` | a proof of the record that an entry names the digest of the statement |
//!
//! The digest of the statement is SHA-256 over its canonical form without marks, totals and salts of scores: for each score
//! its own digest stands there, SHA-256 over `[panel, entry, judge, marks, total, salt]` in canonical form. So a score that was
//! changed does not fit its digest and is named; a digest that was changed does not fit the record.

use std::collections::HashMap;

use record::proof::{self, Held, Proof};
use seal::report::{Kind, Report};
use seal::{canonical, hex, sha256};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::rank::{Given, rank_classes};
use super::{Points, RoundSetup, drawn};

/// The kind of the document.
pub const KIND: &str = "result";
/// Its version.
const VERSION: u32 = 1;
/// What the record calls it.
pub const ACTION: &str = "review.result.confirmed";

/// The document.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Bundle {
    /// `result`.
    pub kind: String,
    /// 1.
    pub version: u32,
    /// What was confirmed.
    pub statement: Statement,
    /// That the record has it.
    pub proof: Proof,
}

/// What was confirmed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Statement {
    /// The round's number.
    pub number: String,
    /// What it is called.
    pub title: String,
    /// The call.
    pub call: String,
    /// Whose round it is.
    pub owner: String,
    /// How scores become a ranking.
    pub rules: RoundSetup,
    /// The panels.
    pub panels: Vec<PanelResult>,
}

/// What a panel came to.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PanelResult {
    /// What it is called.
    pub title: String,
    /// Its entries, by code.
    pub entries: Vec<EntryLine>,
    /// The draw of the order, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draw: Option<DrawLine>,
    /// Every score.
    pub scores: Vec<ScoreLine>,
    /// Votes between equals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub votes: Vec<VoteLine>,
    /// The ranking.
    pub ranking: Vec<RankLine>,
}

/// An entry.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EntryLine {
    /// What judges call it.
    pub code: String,
    /// The project.
    pub title: String,
    /// Who applies.
    pub name: String,
    /// With whom it is ranked where a panel judges several groups or tracks.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub class: String,
}

/// A draw that anybody can repeat.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DrawLine {
    /// What was published before; empty where lots were on paper.
    pub commitment: String,
    /// What was kept secret until then, in hexadecimal digits.
    pub secret: String,
    /// What was said before witnesses.
    pub words: String,
    /// From what was drawn, in a fixed order.
    pub inputs: Vec<String>,
    /// What came of it.
    pub order: Vec<String>,
    /// Who watched.
    pub witness: String,
}

/// A score.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ScoreLine {
    /// Of which entry.
    pub entry: String,
    /// By which judge: a letter and a number that stand for a name.
    pub judge: String,
    /// A mark for each criterion.
    pub marks: Vec<Points>,
    /// What they come to.
    pub total: Points,
    /// What nobody can guess, so that the digest tells nothing of the score.
    pub salt: String,
    /// SHA-256.
    pub digest: String,
}

/// Votes for an entry.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct VoteLine {
    /// Which.
    pub entry: String,
    /// How many.
    pub votes: i64,
}

/// A place in the ranking.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RankLine {
    /// Which entry.
    pub entry: String,
    /// Its rank.
    pub rank: u32,
    /// Its result.
    pub score: Points,
}

impl ScoreLine {
    /// A line with its digest.
    pub fn new(panel: &str, entry: &str, judge: &str, given: &Given, salt: String) -> Self {
        let mut line = Self {
            entry: entry.to_owned(),
            judge: judge.to_owned(),
            marks: given.marks.clone(),
            total: given.total,
            salt,
            digest: String::new(),
        };
        line.digest = line.digest_in(panel);
        line
    }

    fn digest_in(&self, panel: &str) -> String {
        let value = json!([panel, self.entry, self.judge, self.marks, self.total, self.salt]);
        hex(&sha256(canonical::encode(&value).unwrap_or_default().as_bytes()))
    }
}

impl Statement {
    /// SHA-256 over what the record names.
    pub fn digest(&self) -> String {
        let mut value = serde_json::to_value(self).unwrap_or_default();
        let panels = value["panels"].as_array_mut().into_iter().flatten();
        for score in panels.flat_map(|panel| panel["scores"].as_array_mut().into_iter().flatten()) {
            if let Some(line) = score.as_object_mut() {
                ["marks", "total", "salt"].iter().for_each(|name| drop(line.remove(*name)));
            }
        }
        hex(&sha256(canonical::encode(&value).unwrap_or_default().as_bytes()))
    }

    /// How many scores it has.
    pub fn scores(&self) -> usize {
        self.panels.iter().map(|panel| panel.scores.len()).sum()
    }
}

impl PanelResult {
    /// Computes the ranking from scores and votes.
    ///
    /// # Errors
    /// What does not fit together, in words.
    pub fn ranked(&self, rules: &RoundSetup) -> Result<Vec<RankLine>, String> {
        let places: HashMap<&str, usize> =
            self.entries.iter().enumerate().map(|(at, entry)| (entry.code.as_str(), at)).collect();
        let mut judges: HashMap<&str, usize> = HashMap::new();
        let mut given = Vec::with_capacity(self.scores.len());
        for line in &self.scores {
            let entry = places.get(line.entry.as_str());
            let entry = *entry.ok_or_else(|| format!("a score is of {}, which is no entry", line.entry))?;
            let next = judges.len();
            let judge = *judges.entry(line.judge.as_str()).or_insert(next);
            if line.marks.len() != rules.criteria.len() {
                return Err(format!("{} gave {} not one mark for each criterion", line.judge, line.entry));
            }
            if rules.total(&line.marks) != line.total {
                return Err(format!("the marks of {} on {} do not come to {}", line.judge, line.entry, line.total));
            }
            given.push(Given { judge, entry, marks: line.marks.clone(), total: line.total });
        }
        let votes =
            self.votes.iter().filter_map(|vote| Some((*places.get(vote.entry.as_str())?, vote.votes))).collect();
        let classes: Vec<&str> = self.entries.iter().map(|entry| entry.class.as_str()).collect();
        let found = rank_classes(rules, judges.len(), &classes, &given, &votes).map_err(|error| error.to_string())?;
        let line = |one: super::rank::Standing| RankLine {
            entry: self.entries[one.entry].code.clone(),
            rank: one.rank,
            score: one.score,
        };
        Ok(found.into_iter().map(line).collect())
    }
}

type Found = Result<String, String>;

/// Checks a bundle, without a network: the digests of scores, the draws, the ranking, and that the record has it.
///
/// # Errors
/// What cannot be read as a bundle at all.
pub fn verify(document: Value, held: &Held) -> Result<Report, String> {
    let bundle: Bundle = serde_json::from_value(document).map_err(|error| error.to_string())?;
    if (bundle.kind.as_str(), bundle.version) != (KIND, VERSION) {
        return Err(format!("{} of version {} is not known here", bundle.kind, bundle.version));
    }
    let mut report = Report::new(Kind::Result);
    let statement = &bundle.statement;
    report.check(
        "form",
        Found::Ok(format!("the result of {} {}: {}", statement.number, statement.owner, statement.title)),
    );
    report.check("scores", scores(statement));
    report.check("draw", draws(statement));
    report.check("ranking", ranking(statement));
    report.check("entry", named(statement, &bundle.proof));
    let checked = proof::verify(&bundle.proof, held);
    report.valid &= checked.valid;
    report.signer = checked.signer;
    report.time = checked.time;
    report.checks.extend(checked.checks.into_iter().filter(|check| check.name != "form" && check.name != "entry"));
    Ok(report)
}

/// Whether every score has its digest; those that have not are named.
fn scores(statement: &Statement) -> Found {
    let mut wrong = Vec::new();
    for panel in &statement.panels {
        let altered = panel.scores.iter().filter(|line| line.digest_in(&panel.title) != line.digest);
        wrong.extend(altered.map(|line| format!("{}: {} on {}", panel.title, line.judge, line.entry)));
    }
    match wrong.as_slice() {
        [] => Ok(format!("{} scores have their digests", statement.scores())),
        some => Err(format!("altered: {}", some.join("; "))),
    }
}

fn draws(statement: &Statement) -> Found {
    let mut repeated = 0;
    for panel in &statement.panels {
        let Some(draw) = &panel.draw else { continue };
        let mut all = draw.order.clone();
        all.sort();
        let mut inputs = draw.inputs.clone();
        inputs.sort();
        if all != inputs {
            return Err(format!("{}: the order is not of what was drawn from", panel.title));
        }
        if draw.commitment.is_empty() {
            continue;
        }
        let secret = unhex(&draw.secret).ok_or_else(|| format!("{}: the secret is not hexadecimal", panel.title))?;
        if super::commitment(&secret) != draw.commitment {
            return Err(format!("{}: the secret is not the one that was committed to", panel.title));
        }
        if drawn(&secret, &draw.words, &draw.inputs) != draw.order {
            return Err(format!("{}: drawing again gives another order", panel.title));
        }
        repeated += 1;
    }
    Ok(format!("{repeated} draws were repeated with the same order"))
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let bytes = text.as_bytes();
    let pairs = bytes.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    if bytes.len().is_multiple_of(2) { pairs.collect() } else { None }
}

fn ranking(statement: &Statement) -> Found {
    let mut ranked = 0;
    for panel in &statement.panels {
        let found = panel.ranked(&statement.rules).map_err(|wrong| format!("{}: {wrong}", panel.title))?;
        for (line, again) in panel.ranking.iter().zip(&found) {
            if line != again {
                return Err(format!(
                    "{}: {} has rank {} with {}, not {} has rank {} with {}",
                    panel.title, again.entry, again.rank, again.score, line.entry, line.rank, line.score
                ));
            }
        }
        if found.len() != panel.ranking.len() {
            return Err(format!("{}: {} entries have a rank, not {}", panel.title, found.len(), panel.ranking.len()));
        }
        ranked += found.len();
    }
    Ok(format!("{ranked} entries have the rank that their scores give"))
}

/// Whether the entry that is proved names this statement.
fn named(statement: &Statement, proof: &Proof) -> Found {
    let entry = proof.entry.as_ref().ok_or("the proof does not show its entry")?;
    if entry["action"] != ACTION {
        return Err("the entry that is proved is of something else".to_owned());
    }
    match entry["data"]["statement"].as_str() {
        Some(named) if named == statement.digest() => Ok("the record names this result".to_owned()),
        _ => Err("the result was altered: the record names another digest".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::commitment;

    pub(super) fn statement() -> Statement {
        let rules = RoundSetup::default();
        let inputs: Vec<String> = ["A01", "A02", "A03"].map(Into::into).into();
        let order = drawn(b"s", "七", &inputs);
        let mut panel = PanelResult {
            title: "人工智能".into(),
            entries: inputs
                .iter()
                .map(|code| EntryLine {
                    code: code.clone(),
                    title: "演示".into(),
                    name: "演示公司".into(),
                    class: String::new(),
                })
                .collect(),
            draw: Some(DrawLine {
                commitment: commitment(b"s"),
                secret: hex(b"s"),
                words: "七".into(),
                inputs,
                order,
                witness: "监督员".into(),
            }),
            scores: Vec::new(),
            votes: Vec::new(),
            ranking: Vec::new(),
        };
        for (entry, technology) in [("A01", 28), ("A02", 25), ("A03", 21)] {
            for judge in 1..=5_i64 {
                let marks: Vec<Points> = [technology - judge % 3, 20, 19 + judge % 2, 15].map(Points::whole).into();
                let total = rules.total(&marks);
                let given = Given { judge: 0, entry: 0, marks, total };
                let line =
                    ScoreLine::new("人工智能", entry, &format!("J{judge}"), &given, format!("salt {entry} {judge}"));
                panel.scores.push(line);
            }
        }
        panel.ranking = panel.ranked(&rules).unwrap();
        Statement {
            number: "PS-2026-0001".into(),
            title: "决赛".into(),
            call: "大赛".into(),
            owner: "联盟".into(),
            rules,
            panels: vec![panel],
        }
    }

    #[test]
    fn a_statement_holds_as_it_is() {
        let one = statement();
        assert!(scores(&one).is_ok() && draws(&one).is_ok() && ranking(&one).is_ok());
        assert_eq!(one.panels[0].ranking[0].entry, "A01");
    }

    #[test]
    fn a_changed_score_is_named_and_a_changed_digest_does_not_fit_the_record() {
        let mut one = statement();
        let before = one.digest();
        one.panels[0].scores[7].marks[0] = Points::whole(30);
        assert_eq!(scores(&one).unwrap_err(), "altered: 人工智能: J3 on A02");
        assert_eq!(one.digest(), before, "marks are under their own digests");
        let line = &mut one.panels[0].scores[7];
        line.total = Points::whole(86);
        line.digest = line.digest_in("人工智能");
        assert!(scores(&one).is_ok());
        assert_ne!(one.digest(), before);
    }

    #[test]
    fn another_order_and_another_rank_are_found() {
        let mut one = statement();
        one.panels[0].draw.as_mut().unwrap().order.rotate_left(1);
        assert!(draws(&one).unwrap_err().contains("another order"));
        let mut two = statement();
        two.panels[0].draw.as_mut().unwrap().secret = hex(b"t");
        assert!(draws(&two).unwrap_err().contains("committed"));
        let mut three = statement();
        three.panels[0].ranking.swap(0, 1);
        assert!(ranking(&three).unwrap_err().contains("A01 has rank 1"));
    }
}
