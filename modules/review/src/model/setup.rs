//! What is decided about a round: criteria, how scores become a ranking, who is blind, times, prizes.

use std::sync::LazyLock;

use jinmen_core::{Fault, Faults, Money, Result, Text2, words};
use serde::{Deserialize, Serialize};

use super::Points;

/// Criteria of one round.
pub const CRITERIA_MOST: usize = 12;
/// The card that a new round begins with: the criteria of the national competition's practice.
static CARD: LazyLock<Vec<Criterion>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../data/card.json")).unwrap_or_default());
/// Prizes of one round.
const PRIZES_MOST: usize = 30;

/// A criterion of the score card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Criterion {
    /// Its name in data.
    pub key: String,
    /// What it is called.
    #[schema(value_type = Object)]
    pub title: Text2,
    /// The most points.
    #[schema(value_type = String, example = "30")]
    pub most: Points,
    /// Its weight in percent where marks are weighted; 0 where they are added.
    #[serde(default)]
    pub weight: u8,
}

/// How many of the highest and of the lowest scores are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Trim {
    /// None.
    None,
    /// One a side where at least five judges scored.
    #[default]
    One,
    /// Two a side where at least five judges scored.
    Two,
}

impl Trim {
    /// Every one, in the order of screens.
    pub const ALL: [Self; 3] = [Self::None, Self::One, Self::Two];

    /// The word on forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::One => "one",
            Self::Two => "two",
        }
    }

    /// By its word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// How many a side of so many scores are left out.
    pub fn sides(self, scores: usize) -> usize {
        match self {
            Self::One if scores >= 5 => 1,
            Self::Two if scores >= 5 => 2,
            _ => 0,
        }
    }

    /// As the engine has it.
    pub(super) fn engine(self) -> ranking::Trim {
        match self {
            Self::None => ranking::Trim::No,
            Self::One => ranking::Trim::One,
            Self::Two => ranking::Trim::Sides(2),
        }
    }
}

/// What decides between entries of equal score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tie {
    /// The higher mean of a criterion, named by its key.
    Criterion(String),
    /// The higher highest score.
    Highest,
    /// The higher lowest score.
    Lowest,
    /// The higher median.
    Median,
    /// The panel votes again.
    Revote,
}

impl Tie {
    /// As it is typed: a word, or the key of a criterion.
    pub fn text(&self) -> String {
        match self {
            Self::Criterion(key) => key.clone(),
            Self::Highest => "highest".into(),
            Self::Lowest => "lowest".into(),
            Self::Median => "median".into(),
            Self::Revote => "revote".into(),
        }
    }

    /// Reads what was typed.
    pub fn from_text(text: &str) -> Self {
        match text {
            "highest" => Self::Highest,
            "lowest" => Self::Lowest,
            "median" => Self::Median,
            "revote" => Self::Revote,
            key => Self::Criterion(key.to_owned()),
        }
    }
}

/// How scores become a ranking; named in the notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Method {
    /// What is left out.
    pub trim: Trim,
    /// Places to which a result is rounded, half up.
    pub digits: u32,
    /// What decides between equals, one after the other.
    pub ties: Vec<Tie>,
}

impl Default for Method {
    fn default() -> Self {
        Self { trim: Trim::One, digits: 2, ties: vec![Tie::Revote] }
    }
}

words!(
    /// How judges come to entries.
    Giving, "review-giving-" {
        /// Every judge of a panel takes all its entries.
        Panel = "panel",
        /// The engine assigns some judges of the panel to each entry.
        Assigned = "assigned",
    }
);

words!(
    /// What each panel judges.
    PanelsBy, "review-panels-by-" {
        /// One track and one group.
        Both = "both",
        /// One track with all its groups.
        Track = "track",
        /// One group of all tracks.
        Group = "group",
        /// Everything.
        One = "one",
    }
);

impl PanelsBy {
    /// The track and the group that the panel of such an entry judges; empty for all.
    pub fn panel_of(self, track: &str, group: &str) -> (String, String) {
        let kept = |text: &str, keeps: bool| if keeps { text.to_owned() } else { String::new() };
        (kept(track, matches!(self, Self::Both | Self::Track)), kept(group, matches!(self, Self::Both | Self::Group)))
    }

    // What a statement had before there was a choice stays as it was, and so does its digest.
    fn is_both(&self) -> bool {
        *self == Self::Both
    }
}

/// A prize.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Prize {
    /// The first rank that gets it.
    pub from: u32,
    /// The last one.
    pub to: u32,
    /// What it is called.
    pub title: String,
    /// How much, in fen.
    #[schema(value_type = i64)]
    pub amount: Money,
}

/// Everything that is decided about a round besides title and times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct RoundSetup {
    /// The score card.
    pub criteria: Vec<Criterion>,
    /// How scores become a ranking.
    pub method: Method,
    /// What each panel judges. Ranks, quotas and prizes are those of one track and group, whatever the panel.
    #[serde(skip_serializing_if = "PanelsBy::is_both")]
    pub panels: PanelsBy,
    /// The one track that is judged; empty for all.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub track: String,
    /// How judges come to entries.
    pub giving: Giving,
    /// Judges that each entry gets, where they are assigned.
    pub demand: u32,
    /// Entries that one judge takes at most, where they are assigned.
    pub load_most: u32,
    /// At most one judge of an institution on an entry.
    pub one_per_institution: bool,
    /// At least one senior judge on an entry.
    pub one_senior: bool,
    /// Judges do not see who applies.
    pub blind: bool,
    /// Questions of the form that judges see; those that say nothing of who applies where none are named.
    pub fields: Vec<String>,
    /// So many of each track and group go on; none where nobody counts.
    pub promote: u32,
    /// Minutes for the pitch (路演).
    pub pitch_minutes: u32,
    /// Minutes for questions (答辩).
    pub question_minutes: u32,
    /// Visitors may score as guests; it counts for nothing.
    pub guests: bool,
    /// What a judge gets for the round, in fen.
    #[schema(value_type = i64)]
    pub fee: Money,
    /// Prizes by rank within a track and group.
    pub prizes: Vec<Prize>,
}

impl Default for RoundSetup {
    fn default() -> Self {
        Self {
            criteria: CARD.clone(),
            method: Method::default(),
            panels: PanelsBy::Both,
            track: String::new(),
            giving: Giving::Panel,
            demand: 3,
            load_most: 30,
            one_per_institution: true,
            one_senior: false,
            blind: true,
            fields: Vec::new(),
            promote: 0,
            pitch_minutes: 8,
            question_minutes: 7,
            guests: false,
            fee: Money::from_fen(0),
            prizes: Vec::new(),
        }
    }
}

impl RoundSetup {
    /// Everything that is wrong with it, each with its field.
    ///
    /// # Errors
    /// Faults of `criteria`, `ties`, `digits`, `demand`, `load_most`, `prizes`, `pitch_minutes`, `question_minutes`.
    pub fn check(&self) -> Result<()> {
        let mut faults = Faults::new();
        let mut fault = |wrong: bool, field: &str, code: &str| {
            if wrong {
                faults.push(Fault::at(field, code));
            }
        };
        let mut keys: Vec<&str> = self.criteria.iter().map(|one| one.key.as_str()).collect();
        keys.sort_unstable();
        keys.dedup();
        let named = self.criteria.iter().all(|one| {
            let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            !one.key.is_empty() && one.key.len() <= 40 && one.key.chars().all(fits) && !one.title.zh.is_empty()
        });
        let reserved = ["highest", "lowest", "median", "revote"];
        let clear = keys.len() == self.criteria.len() && keys.iter().all(|key| !reserved.contains(key));
        fault(self.criteria.is_empty() || self.criteria.len() > CRITERIA_MOST, "criteria", "review.criteria_count");
        fault(!named || !clear, "criteria", "review.criteria_keys");
        fault(
            self.criteria.iter().any(|one| one.most <= Points::whole(0) || one.most > Points::whole(1_000)),
            "criteria",
            "review.criteria_most",
        );
        fault(!self.weights_fit(), "criteria", "review.criteria_weights");
        let known = |tie: &Tie| match tie {
            Tie::Criterion(key) => keys.contains(&key.as_str()),
            _ => true,
        };
        fault(!self.method.ties.iter().all(known) || self.method.ties.len() > 8, "ties", "review.ties");
        fault(self.method.digits > 4, "digits", "review.digits");
        let assigned = self.giving == Giving::Assigned;
        fault(assigned && !(1..=20).contains(&self.demand), "demand", "review.demand");
        fault(assigned && !(1..=1_000).contains(&self.load_most), "load_most", "review.load_most");
        fault(!(1..=60).contains(&self.pitch_minutes), "pitch_minutes", "review.minutes");
        fault(self.question_minutes > 60, "question_minutes", "review.minutes");
        let whole = |one: &Prize| one.from >= 1 && one.from <= one.to && !one.title.is_empty() && one.amount.fen() >= 0;
        let apart = self.prizes.windows(2).all(|pair| pair[0].to < pair[1].from);
        let fits = self.prizes.len() <= PRIZES_MOST && self.prizes.iter().all(whole) && apart;
        fault(!fits, "prizes", "review.prizes");
        faults.check()
    }

    /// Either no criterion has a weight, or they make a hundred and all marks are on one scale.
    fn weights_fit(&self) -> bool {
        let sum: u32 = self.criteria.iter().map(|one| u32::from(one.weight)).sum();
        let one_scale = self.criteria.windows(2).all(|pair| pair[0].most == pair[1].most);
        sum == 0 || (sum == 100 && one_scale && self.criteria.iter().all(|one| one.weight > 0))
    }

    /// Whether marks are weighted instead of added.
    pub fn is_weighted(&self) -> bool {
        self.criteria.iter().any(|one| one.weight > 0)
    }

    /// The most that an entry can get.
    pub fn most(&self) -> Points {
        let most: Vec<Points> = self.criteria.iter().map(|one| one.most).collect();
        self.total(&most)
    }

    /// What marks come to, exactly: their sum, or the sum of weighted ones.
    pub fn total(&self, marks: &[Points]) -> Points {
        if !self.is_weighted() {
            return Points(marks.iter().map(|mark| mark.0).sum());
        }
        // Marks have two places, weights are whole percents: nothing is cut off.
        Points(self.criteria.iter().zip(marks).map(|(one, mark)| mark.0 * i64::from(one.weight) / 100).sum())
    }

    /// Whether marks fit the card: one for each criterion, within its bounds, of two places at most.
    ///
    /// # Errors
    /// `review.mark_missing`, `review.mark_most` in the criterion's field.
    pub fn check_marks(&self, marks: &[Option<Points>]) -> Result<Vec<Points>> {
        let mut faults = Faults::new();
        let mut found = Vec::with_capacity(self.criteria.len());
        for (at, one) in self.criteria.iter().enumerate() {
            match marks.get(at).copied().flatten() {
                Some(mark) if mark.0 >= 0 && mark <= one.most && mark.0 % 100 == 0 => found.push(mark),
                Some(_) => faults.push(Fault::at(&one.key, "review.mark_most").with("most", one.most)),
                None => faults.push(Fault::at(&one.key, "review.mark_missing")),
            }
        }
        faults.check()?;
        Ok(found)
    }

    /// The prize of a rank.
    pub fn prize(&self, rank: u32) -> Option<&Prize> {
        self.prizes.iter().find(|one| (one.from..=one.to).contains(&rank))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_card_of_the_template_makes_a_hundred_points() {
        let setup = RoundSetup::default();
        setup.check().unwrap();
        assert_eq!(setup.most(), Points::whole(100));
    }

    #[test]
    fn weighted_marks_lose_nothing() {
        let mut setup = RoundSetup::default();
        for (one, weight) in setup.criteria.iter_mut().zip([40, 30, 20, 10]) {
            (one.most, one.weight) = (Points::whole(100), weight);
        }
        setup.check().unwrap();
        let marks: Vec<Points> = ["89.37", "77.77", "91.01", "60.5"].map(|text| text.parse().unwrap()).into();
        assert_eq!(setup.total(&marks).to_string(), "83.331");
        assert_eq!(setup.most(), Points::whole(100));
    }

    #[test]
    fn what_makes_no_sense_is_named_by_its_field() {
        let faults = |change: &dyn Fn(&mut RoundSetup)| -> Vec<String> {
            let mut setup = RoundSetup::default();
            change(&mut setup);
            match setup.check() {
                Err(jinmen_core::Error::Invalid(faults)) => faults.into_iter().map(|fault| fault.code).collect(),
                _ => Vec::new(),
            }
        };
        assert_eq!(faults(&|setup| setup.criteria.clear()), ["review.criteria_count"]);
        assert_eq!(faults(&|setup| setup.criteria[1].key = "team".into()), ["review.criteria_keys"]);
        assert_eq!(faults(&|setup| setup.criteria[0].weight = 50), ["review.criteria_weights"]);
        assert_eq!(faults(&|setup| setup.method.ties = vec![Tie::Criterion("nothing".into())]), ["review.ties"]);
        let overlap = |setup: &mut RoundSetup| {
            let prize = |from, to| Prize { from, to, title: "奖".into(), amount: Money::from_fen(1) };
            setup.prizes = vec![prize(1, 2), prize(2, 3)];
        };
        assert_eq!(faults(&overlap), ["review.prizes"]);
    }
}
