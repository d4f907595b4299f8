//! A round of judging, its panels, and what they are doing now.

use calls::model::CallId;
use jinmen_core::{Date, Fault, Faults, Instant, Money, OrganizationId, Result, Role, Text2, id, words};
use serde::{Deserialize, Serialize};

use super::{
    Criterion, EntryId, Giving, Method, PanelsBy, Points, Prize, RoundSetup, SeatId, Tie, Trim, needed, short,
};

id!(
    /// A round.
    RoundId
);
store::arg_id!(RoundId);
id!(
    /// A panel.
    PanelId
);
store::arg_id!(PanelId);

words!(
    /// What kind of round it is.
    RoundKind, "review-kind-" {
        /// Judges read papers (网评).
        Desk = "desk",
        /// Entrants pitch before the panel (路演).
        Live = "live",
    }
);

words!(
    /// Where a round stands.
    RoundState, "review-state-" {
        /// Being prepared.
        Draft = "draft",
        /// Judges score.
        Open = "open",
        /// Scores are fixed; its result waits for the supervisor.
        Closed = "closed",
        /// The supervisor confirmed its result.
        Confirmed = "confirmed",
    }
);

/// A round of judging.
#[derive(Clone, PartialEq, Debug)]
pub struct Round {
    /// Its identifier.
    pub id: RoundId,
    /// Its readable number.
    pub number: String,
    /// The call whose applications are judged.
    pub call: CallId,
    /// Whose round it is.
    pub owner: OrganizationId,
    /// The role in which its office works.
    pub role: Role,
    /// What kind.
    pub kind: RoundKind,
    /// What it is called.
    pub title: Text2,
    /// Where it stands.
    pub state: RoundState,
    /// What is decided about it.
    pub setup: RoundSetup,
    /// The round whose best went on to this one.
    pub previous: Option<RoundId>,
    /// The last day for scores.
    pub due_on: Option<Date>,
    /// When judges could begin.
    pub opened_at: Option<Instant>,
    /// When scores were fixed.
    pub closed_at: Option<Instant>,
    /// When the supervisor confirmed.
    pub confirmed_at: Option<Instant>,
    /// Who confirmed.
    pub confirmed_name: String,
    /// Everybody may see the result.
    pub published_at: Option<Instant>,
    /// Goes up with every change.
    pub version: i64,
    /// When it was begun.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

words!(
    /// What a panel is doing in a live final.
    Phase, "review-phase-" {
        /// Nobody is on the stage.
        Waiting = "waiting",
        /// An entrant pitches.
        Pitch = "pitch",
        /// The panel asks.
        Questions = "questions",
        /// The panel scores.
        Scoring = "scoring",
        /// The last result is out.
        Over = "over",
    }
);

/// The clock of a pitch or of questions.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Timer {
    /// When it runs out; none while it stands.
    pub ends_at: Option<i64>,
    /// Seconds left when it was stopped.
    pub left: i64,
    /// Seconds in all.
    pub seconds: i64,
}

impl Timer {
    /// One that begins now.
    pub fn started(now: Instant, seconds: i64) -> Self {
        Self { ends_at: Some(now.plus_seconds(seconds).0), left: seconds, seconds }
    }

    /// Seconds left at an instant; below zero once the time is over.
    pub fn left_at(self, now: Instant) -> i64 {
        self.ends_at.map_or(self.left, |ends| (ends - now.0).div_euclid(1_000_000))
    }

    /// The same, stopped, or going on.
    #[must_use]
    pub fn toggled(self, now: Instant) -> Self {
        match self.ends_at {
            Some(_) => Self { ends_at: None, left: self.left_at(now), ..self },
            None => Self { ends_at: Some(now.plus_seconds(self.left).0), ..self },
        }
    }
}

/// A panel (评审组): who judges one group of entries together.
#[derive(Clone, PartialEq, Debug)]
pub struct Panel {
    /// Its identifier.
    pub id: PanelId,
    /// Of which round.
    pub round: RoundId,
    /// Its place among the panels.
    pub place: i64,
    /// What it is called.
    pub title: Text2,
    /// The track that it judges; empty for all.
    pub track: String,
    /// The group that it judges; empty for all.
    pub group: String,
    /// Who leads it.
    pub chair: Option<SeatId>,
    /// What it is doing now.
    pub phase: Phase,
    /// Who is on the stage.
    pub current: Option<EntryId>,
    /// The clock.
    pub timer: Timer,
    /// Goes up with every change.
    pub version: i64,
}

/// Which rounds a list shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::IntoParams)]
#[serde(default)]
pub struct RoundFilter {
    /// Of one call.
    pub call: Option<String>,
    /// Where they stand.
    pub state: Option<String>,
}

/// A round as it was typed.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct RoundDraft {
    /// What it is called.
    pub title_zh: String,
    /// The same in English.
    pub title_en: String,
    /// `desk` or `live`.
    pub kind: String,
    /// The last day for scores.
    pub due_on: String,
    /// A line for each criterion: `key | 名称 | Name | most | weight`.
    pub criteria: String,
    /// `none`, `one`, `two`.
    pub trim: String,
    /// Places of a result.
    pub digits: String,
    /// What decides between equals: keys of criteria, `highest`, `lowest`, `median`, `revote`, one after the other.
    pub ties: String,
    /// What each panel judges: `both`, `track`, `group`, `one`.
    pub panels: String,
    /// The one track that is judged, by its key; empty for all.
    pub track: String,
    /// `panel` or `assigned`.
    pub giving: String,
    /// Judges of each entry.
    pub demand: String,
    /// Entries of each judge at most.
    pub load_most: String,
    /// `yes`: one of an institution at most.
    pub one_per_institution: String,
    /// `yes`: one senior at least.
    pub one_senior: String,
    /// `yes`: judges do not see who applies.
    pub blind: String,
    /// Questions that judges see, by name.
    pub fields: Vec<String>,
    /// So many of each track and group go on.
    pub promote: String,
    /// Minutes for the pitch.
    pub pitch_minutes: String,
    /// Minutes for questions.
    pub question_minutes: String,
    /// `yes`: guests may score.
    pub guests: String,
    /// What a judge gets, in yuan.
    pub fee: String,
    /// A line for each prize: `from-to | 名称 | yuan`.
    pub prizes: String,
}

/// A round that was read from a draft.
#[derive(Clone, Debug)]
pub struct NewRound {
    /// What it is called.
    pub title: Text2,
    /// What kind.
    pub kind: RoundKind,
    /// The last day for scores.
    pub due_on: Option<Date>,
    /// What is decided about it.
    pub setup: RoundSetup,
}

impl RoundDraft {
    /// Reads what was typed.
    ///
    /// # Errors
    /// Every fault at once, each in its field.
    pub fn parse(&self) -> Result<NewRound> {
        let mut faults = Faults::new();
        let zh = faults.take(needed("title_zh", &self.title_zh, 100)).unwrap_or_default();
        let en = faults.take(short("title_en", &self.title_en, 100)).unwrap_or_default();
        let kind = faults.take(RoundKind::from_code(&self.kind).ok_or_else(|| Fault::at("kind", "core.choice")));
        let due_on = faults.take(match self.due_on.trim() {
            "" => Ok(None),
            text => Date::parse(text).map(Some).map_err(|fault| Fault::of("due_on", &fault)),
        });
        let track = faults.take(short("track", &self.track, 40)).unwrap_or_default();
        let mut number = |field: &str, text: &str, otherwise: u32| match text.trim() {
            "" => otherwise,
            text => faults.take(text.parse::<u32>().map_err(|_| Fault::at(field, "core.integer"))).unwrap_or(otherwise),
        };
        let plain = RoundSetup::default();
        let mut setup = RoundSetup {
            demand: number("demand", &self.demand, plain.demand),
            load_most: number("load_most", &self.load_most, plain.load_most),
            promote: number("promote", &self.promote, 0),
            pitch_minutes: number("pitch_minutes", &self.pitch_minutes, plain.pitch_minutes),
            question_minutes: number("question_minutes", &self.question_minutes, plain.question_minutes),
            one_per_institution: self.one_per_institution == "yes",
            one_senior: self.one_senior == "yes",
            blind: self.blind == "yes",
            guests: self.guests == "yes",
            fields: self.fields.iter().filter(|one| !one.is_empty()).cloned().collect(),
            panels: PanelsBy::from_code(&self.panels).unwrap_or(PanelsBy::Both),
            track,
            giving: Giving::from_code(&self.giving).unwrap_or(Giving::Panel),
            method: Method {
                digits: number("digits", &self.digits, 2),
                trim: Trim::from_code(&self.trim).unwrap_or_default(),
                ties: words_of(&self.ties).map(Tie::from_text).collect(),
            },
            ..plain
        };
        setup.criteria = faults.take(criteria(&self.criteria)).unwrap_or_default();
        setup.fee = faults.take(yuan("fee", &self.fee)).unwrap_or_default();
        setup.prizes = faults.take(prizes(&self.prizes)).unwrap_or_default();
        // What could not be read is not judged a second time.
        if faults.is_empty()
            && let Err(jinmen_core::Error::Invalid(found)) = setup.check()
        {
            found.into_iter().for_each(|fault| faults.push(fault));
        }
        faults.check()?;
        let kind = kind.unwrap_or(RoundKind::Desk);
        Ok(NewRound {
            title: Text2::new(zh, Some(en).filter(|text| !text.is_empty())),
            kind,
            due_on: due_on.flatten(),
            setup,
        })
    }

    /// What the form shows for a round that is there.
    pub fn of(round: &Round) -> Self {
        let setup = &round.setup;
        let yes = |is: bool| if is { "yes".to_owned() } else { String::new() };
        Self {
            title_zh: round.title.zh.clone(),
            title_en: round.title.en.clone().unwrap_or_default(),
            due_on: round.due_on.map(|day| day.to_string()).unwrap_or_default(),
            ..Self::of_setup(round.kind, setup, yes)
        }
    }

    /// What the form of a new round shows.
    pub fn fresh(kind: RoundKind) -> Self {
        let mut setup = RoundSetup::default();
        if kind == RoundKind::Live {
            (setup.blind, setup.guests) = (false, true);
        }
        Self::of_setup(kind, &setup, |is| if is { "yes".to_owned() } else { String::new() })
    }

    fn of_setup(kind: RoundKind, setup: &RoundSetup, yes: impl Fn(bool) -> String) -> Self {
        let criterion = |one: &Criterion| {
            let en = one.title.en.clone().unwrap_or_default();
            let weight = if one.weight > 0 { format!(" | {}", one.weight) } else { String::new() };
            format!("{} | {} | {en} | {}{weight}", one.key, one.title.zh, one.most)
        };
        let prize = |one: &Prize| {
            let ranks = if one.from == one.to { one.from.to_string() } else { format!("{}-{}", one.from, one.to) };
            format!("{ranks} | {} | {}", one.title, plain_yuan(one.amount))
        };
        let lines = |lines: Vec<String>| lines.join("\n");
        Self {
            kind: kind.code().into(),
            criteria: lines(setup.criteria.iter().map(criterion).collect()),
            trim: setup.method.trim.code().into(),
            digits: setup.method.digits.to_string(),
            ties: setup.method.ties.iter().map(Tie::text).collect::<Vec<_>>().join(", "),
            panels: setup.panels.code().into(),
            track: setup.track.clone(),
            giving: setup.giving.code().into(),
            demand: setup.demand.to_string(),
            load_most: setup.load_most.to_string(),
            one_per_institution: yes(setup.one_per_institution),
            one_senior: yes(setup.one_senior),
            blind: yes(setup.blind),
            fields: setup.fields.clone(),
            promote: if setup.promote > 0 { setup.promote.to_string() } else { String::new() },
            pitch_minutes: setup.pitch_minutes.to_string(),
            question_minutes: setup.question_minutes.to_string(),
            guests: yes(setup.guests),
            fee: if setup.fee.fen() > 0 { plain_yuan(setup.fee) } else { String::new() },
            prizes: lines(setup.prizes.iter().map(prize).collect()),
            ..Self::default()
        }
    }
}

fn plain_yuan(amount: Money) -> String {
    let (yuan, fen) = (amount.fen() / 100, amount.fen() % 100);
    if fen == 0 { yuan.to_string() } else { format!("{yuan}.{fen:02}") }
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '，', '、', ' ', '\n']).map(str::trim).filter(|word| !word.is_empty())
}

fn lines_of(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| line.split(['|', '｜']).map(str::trim).collect())
}

fn criteria(text: &str) -> Result<Vec<Criterion>, Fault> {
    let wrong = |line: usize| Fault::at("criteria", "review.criteria_line").with("line", line + 1);
    let one = |(at, parts): (usize, Vec<&str>)| {
        let [key, zh, en, most, rest @ ..] = parts.as_slice() else { return Err(wrong(at)) };
        let weight = match rest {
            [] | [""] => 0,
            [weight] => weight.trim_end_matches('%').parse().map_err(|_| wrong(at))?,
            _ => return Err(wrong(at)),
        };
        let most = Points::typed("criteria", most).map_err(|_| wrong(at))?;
        let en = Some((*en).to_owned()).filter(|text| !text.is_empty());
        Ok(Criterion { key: (*key).to_owned(), title: Text2::new((*zh).to_owned(), en), most, weight })
    };
    lines_of(text).enumerate().map(one).collect()
}

fn yuan(field: &str, text: &str) -> Result<Money, Fault> {
    if text.trim().is_empty() {
        return Ok(Money::from_fen(0));
    }
    Money::parse(text, jinmen_core::codes::money::Unit::Yuan).map_err(|fault| Fault::of(field, &fault))
}

fn prizes(text: &str) -> Result<Vec<Prize>, Fault> {
    let wrong = |line: usize| Fault::at("prizes", "review.prize_line").with("line", line + 1);
    let one = |(at, parts): (usize, Vec<&str>)| {
        let [ranks, title, amount] = parts.as_slice() else { return Err(wrong(at)) };
        let (from, to) = ranks.split_once(['-', '—', '~']).unwrap_or((ranks, ranks));
        let rank = |text: &str| text.trim().parse::<u32>().map_err(|_| wrong(at));
        let amount = yuan("prizes", amount).map_err(|_| wrong(at))?;
        Ok(Prize { from: rank(from)?, to: rank(to)?, title: (*title).to_owned(), amount })
    };
    lines_of(text).enumerate().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_form_shows_is_read_back_as_it_was() {
        let mut draft = RoundDraft::fresh(RoundKind::Live);
        draft.title_zh = "决赛".into();
        draft.prizes = "1 | 一等奖 | 100000\n2-3 | 二等奖 | 50000.50".into();
        draft.ties = "technology，market revote".into();
        let new = draft.parse().unwrap();
        assert_eq!(new.setup.criteria, RoundSetup::default().criteria);
        assert_eq!(new.setup.prizes[1].amount, Money::from_fen(5_000_050));
        assert_eq!(new.setup.method.ties.len(), 3);
        let again = RoundDraft {
            title_zh: "决赛".into(),
            ..RoundDraft::of_setup(new.kind, &new.setup, |is| if is { "yes".into() } else { String::new() })
        };
        assert_eq!(again.parse().unwrap().setup, new.setup);
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        let draft = RoundDraft {
            title_zh: "初评".into(),
            kind: "desk".into(),
            criteria: "technology | 技术 | Technology | 100\nmarket | 市场".into(),
            prizes: "first | 一等奖 | 1".into(),
            ..RoundDraft::default()
        };
        let Err(jinmen_core::Error::Invalid(faults)) = draft.parse() else { panic!() };
        let shown: Vec<(Option<&str>, &str)> =
            faults.iter().map(|fault| (fault.field.as_deref(), fault.code.as_str())).collect();
        assert_eq!(shown, [(Some("criteria"), "review.criteria_line"), (Some("prizes"), "review.prize_line")]);
    }

    #[test]
    fn a_timer_that_is_stopped_keeps_what_was_left() {
        let at = |seconds: i64| Instant(seconds * 1_000_000);
        let timer = Timer::started(at(100), 480);
        assert_eq!((timer.left_at(at(100)), timer.left_at(at(580)), timer.left_at(at(590))), (480, 0, -10));
        let stopped = timer.toggled(at(200));
        assert_eq!((stopped.left_at(at(200)), stopped.left_at(at(900))), (380, 380));
        assert_eq!(stopped.toggled(at(900)).left_at(at(901)), 379);
    }
}
