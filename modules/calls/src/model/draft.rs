//! A call as it is typed.

use jinmen_core::codes::money::Unit;
use jinmen_core::{Date, Fault, Faults, Instant, Money, OrganizationId, Result, Role, Text2};
use serde::{Deserialize, Serialize};

use super::setup::{BODY_MOST, Part, SHORT_MOST};
use super::{
    Applicants, Body, BodyPart, NoticeSetup, OutcomeKind, OutcomeSetup, Seat, Setup, StageKind, StageSetup, Track,
    needed, short,
};

/// Characters of a title.
pub const TITLE_MOST: usize = 200;

/// Title, window and texts, as a form or a program sends them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct CallDraft {
    /// In Chinese.
    pub title_zh: String,
    /// In English.
    pub title_en: String,
    /// The day on which one may begin to apply; empty for at once.
    #[schema(example = "2026-09-01")]
    pub opens_on: String,
    /// At which time; empty for the beginning of the day.
    #[schema(example = "09:00")]
    pub opens_time: String,
    /// The last day; empty for no end.
    #[schema(example = "2026-09-30")]
    pub closes_on: String,
    /// At which time of it; empty for its end.
    #[schema(example = "18:00")]
    pub closes_time: String,
    /// The call in a sentence.
    pub summary_zh: String,
    /// The same in English.
    pub summary_en: String,
    /// The text of the notice.
    pub body_zh: String,
    /// The same in English.
    pub body_en: String,
    /// Who is eligible, in words.
    pub eligibility_zh: String,
    /// The same in English.
    pub eligibility_en: String,
    /// The office that receives it.
    pub office: String,
    /// Where that is.
    pub address: String,
    /// A human's telephone.
    pub telephone: String,
    /// The telephone of its supervision.
    pub supervision: String,
}

/// The same, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct NewCall {
    /// What it is called.
    pub title: Text2,
    /// From when on one may apply.
    pub opens_at: Option<Instant>,
    /// Up to when.
    pub closes_at: Option<Instant>,
    /// The texts.
    pub texts: Setup,
}

/// An instant of a day and a time: `late` means the end of the day where no time is typed.
fn instant(day_field: &str, day: &str, time_field: &str, time: &str, late: bool) -> Result<Option<Instant>, Fault> {
    let (day, time) = (day.trim(), time.trim());
    if day.is_empty() {
        return if time.is_empty() { Ok(None) } else { Err(Fault::at(day_field, "core.required")) };
    }
    let date = Date::parse(day).map_err(|fault| Fault::of(day_field, &fault))?;
    let start = Instant::start_of(date);
    if time.is_empty() {
        return Ok(Some(if late { start.plus_seconds(86_400) } else { start }));
    }
    let wrong = || Fault::at(time_field, "calls.time");
    let (hours, minutes) = time.split_once([':', '：']).ok_or_else(wrong)?;
    let number = |text: &str| text.parse::<i64>().map_err(|_| wrong());
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let whole_day = hours == 24 && minutes == 0;
    if !whole_day && (!(0..24).contains(&hours) || !(0..60).contains(&minutes)) {
        return Err(wrong());
    }
    Ok(Some(start.plus_seconds(hours * 3_600 + minutes * 60)))
}

impl CallDraft {
    /// Checks what was typed.
    ///
    /// # Errors
    /// Every fault at once, by field.
    pub fn parse(&self) -> Result<NewCall> {
        let mut faults = Faults::new();
        let title_zh = faults.take(needed("title_zh", &self.title_zh, TITLE_MOST)).unwrap_or_default();
        let title_en = faults.take(short("title_en", &self.title_en, TITLE_MOST));
        let opens_at = faults.take(instant("opens_on", &self.opens_on, "opens_time", &self.opens_time, false));
        let closes_at = faults.take(instant("closes_on", &self.closes_on, "closes_time", &self.closes_time, true));
        let (opens_at, closes_at) = (opens_at.flatten(), closes_at.flatten());
        if let (Some(opens), Some(closes)) = (opens_at, closes_at)
            && closes <= opens
        {
            faults.push(Fault::at("closes_on", "core.period"));
        }
        let mut text =
            |field: &str, typed: &str, most: usize| faults.take(short(field, typed, most)).unwrap_or_default();
        let mut both = |zh: (&str, &str), en: (&str, &str), most: usize| {
            let (zh, en) = (text(zh.0, zh.1, most), text(en.0, en.1, most));
            Text2::new(zh, Some(en))
        };
        let summary = both(("summary_zh", &self.summary_zh), ("summary_en", &self.summary_en), 300);
        let body = both(("body_zh", &self.body_zh), ("body_en", &self.body_en), BODY_MOST);
        let eligibility =
            both(("eligibility_zh", &self.eligibility_zh), ("eligibility_en", &self.eligibility_en), BODY_MOST);
        let texts = Setup {
            summary,
            body,
            eligibility,
            office: text("office", &self.office, SHORT_MOST),
            address: text("address", &self.address, SHORT_MOST),
            telephone: text("telephone", &self.telephone, SHORT_MOST),
            supervision: text("supervision", &self.supervision, SHORT_MOST),
            ..Setup::default()
        };
        faults.check()?;
        Ok(NewCall { title: Text2::new(title_zh, title_en), opens_at, closes_at, texts })
    }
}

/// Everything else that is decided about a call, as a form sends it: lists are typed one entry a line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SetupDraft {
    /// `part name organization until`, one a line, with bars between: `organizer | 天津某协会 | 0190… | 2026-12-31`.
    pub bodies: String,
    /// Who may apply.
    pub applicants: String,
    /// `key | 名称 | name`, one a line.
    pub tracks: String,
    /// The same of groups.
    pub groups: String,
    /// A text of the policy language.
    pub rule: String,
    /// Which clause of it counts; every one where nothing is said.
    pub clause: String,
    /// `yes`: whoever is certainly not eligible cannot hand in.
    pub strict: String,
    /// Applications of one applicant.
    pub most: String,
    /// Places to be given.
    pub quota: String,
    /// Working days for a correction.
    pub correction_days: String,
    /// `kind | key | 名称 | name | days | more`, one a line.
    pub stages: String,
    /// On what the public notice rests.
    pub basis: String,
    /// Days after the notice's end on which names of people are taken down.
    pub keep_days: String,
    /// The question whose answer names the project in a public notice.
    pub project: String,
    /// What comes of it.
    pub outcome: String,
    /// Of a membership, the grade.
    pub grade: String,
    /// Dues, prize or sum in 10,000 yuan.
    pub amount: String,
    /// `percent | condition`, one a line.
    pub parts: String,
    /// Of a benefit, the clause.
    pub benefit: String,
}

/// The cells of a line between bars.
fn cells(line: &str) -> Vec<&str> {
    line.split(['|', '｜']).map(str::trim).collect()
}

fn lines(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(cells)
}

impl SetupDraft {
    /// Reads it over what was decided before: the texts stay.
    ///
    /// # Errors
    /// Every fault at once, by field.
    pub fn over(&self, before: &Setup, role: Role) -> Result<Setup> {
        let mut faults = Faults::new();
        let number = |field: &str, text: &str, usual: u16| match text.trim() {
            "" => Ok(usual),
            text => text.parse::<u16>().map_err(|_| Fault::at(field, "calls.number")),
        };
        let applicants = Applicants::from_code(&self.applicants).ok_or_else(|| Fault::at("applicants", "core.choice"));
        let quota = match self.quota.trim() {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| Fault::at("quota", "calls.number")),
        };
        let setup = Setup {
            bodies: faults.take(bodies(&self.bodies)).unwrap_or_default(),
            applicants: faults.take(applicants).unwrap_or(before.applicants),
            tracks: faults.take(tracks("tracks", &self.tracks)).unwrap_or_default(),
            groups: faults.take(tracks("groups", &self.groups)).unwrap_or_default(),
            rule: self.rule.replace("\r\n", "\n").trim().to_owned(),
            clause: faults.take(short("clause", &self.clause, 120)).unwrap_or_default(),
            strict: self.strict == "yes",
            most: faults.take(number("most", &self.most, 1)).unwrap_or(1),
            quota: faults.take(quota).flatten(),
            correction_days: faults.take(number("correction_days", &self.correction_days, 5)).unwrap_or(5).clamp(1, 60),
            stages: faults.take(stages(&self.stages)).unwrap_or_default(),
            notice: NoticeSetup {
                basis: faults.take(short("basis", &self.basis, 1_000)).unwrap_or_default(),
                keep_days: faults.take(number("keep_days", &self.keep_days, 30)).unwrap_or(30),
                project: faults.take(short("project", &self.project, 40)).unwrap_or_default(),
            },
            outcome: faults.take(self.outcome()).unwrap_or_default(),
            ..before.clone()
        };
        faults.check()?;
        setup.check(role)?;
        Ok(setup)
    }

    fn outcome(&self) -> Result<OutcomeSetup, Fault> {
        let kind = OutcomeKind::from_code(&self.outcome).ok_or_else(|| Fault::at("outcome", "core.choice"))?;
        let amount = match self.amount.trim() {
            "" => None,
            text => Some(Money::parse(text, Unit::TenThousand).map_err(|fault| Fault::of("amount", &fault))?),
        };
        let part = |cells: Vec<&str>| {
            let percent =
                cells[0].trim_end_matches('%').parse::<u8>().map_err(|_| Fault::at("parts", "calls.parts"))?;
            Ok(Part { percent, condition: cells.get(1).copied().unwrap_or_default().to_owned() })
        };
        Ok(OutcomeSetup {
            kind,
            grade: self.grade.trim().to_owned(),
            amount,
            parts: lines(&self.parts).map(part).collect::<Result<_, Fault>>()?,
            benefit: short("benefit", &self.benefit, payments::model::BENEFIT_MOST)?,
        })
    }

    /// What was decided, as the form shows it.
    pub fn of(setup: &Setup) -> Self {
        let join = |parts: Vec<String>| {
            let mut parts = parts;
            while parts.last().is_some_and(String::is_empty) {
                parts.pop();
            }
            parts.join(" | ")
        };
        let body = |one: &Body| {
            let until = one.until.map(|day| day.to_string()).unwrap_or_default();
            let file = one.organization.map(|id| id.text()).unwrap_or_default();
            join(vec![one.part.code().into(), one.name.clone(), file, until])
        };
        let track =
            |one: &Track| join(vec![one.key.clone(), one.title.zh.clone(), one.title.en.clone().unwrap_or_default()]);
        let all = |lines: Vec<String>| lines.join("\n");
        let outcome = &setup.outcome;
        Self {
            bodies: all(setup.bodies.iter().map(body).collect()),
            applicants: setup.applicants.code().into(),
            tracks: all(setup.tracks.iter().map(track).collect()),
            groups: all(setup.groups.iter().map(track).collect()),
            rule: setup.rule.clone(),
            clause: setup.clause.clone(),
            strict: if setup.strict { "yes".into() } else { String::new() },
            most: setup.most.to_string(),
            quota: setup.quota.map(|quota| quota.to_string()).unwrap_or_default(),
            correction_days: setup.correction_days.to_string(),
            stages: all(setup.stages.iter().map(|stage| join(stage_cells(stage))).collect()),
            basis: setup.notice.basis.clone(),
            keep_days: setup.notice.keep_days.to_string(),
            project: setup.notice.project.clone(),
            outcome: outcome.kind.code().into(),
            grade: outcome.grade.clone(),
            amount: outcome.amount.map(Money::to_wan_string).unwrap_or_default(),
            parts: all(outcome.parts.iter().map(|part| format!("{} | {}", part.percent, part.condition)).collect()),
            benefit: outcome.benefit.clone(),
        }
    }
}

fn bodies(text: &str) -> Result<Vec<Body>, Fault> {
    let one = |cells: Vec<&str>| {
        let wrong = || Fault::at("bodies", "calls.bodies").with("line", cells.join(" | "));
        let cell = |at: usize| cells.get(at).copied().filter(|text| !text.is_empty());
        let organization: Option<OrganizationId> = cell(2).map(|id| id.parse().map_err(|_| wrong())).transpose()?;
        let until = cell(3).map(|day| Date::parse(day).map_err(|_| wrong())).transpose()?;
        Ok(Body {
            part: BodyPart::from_code(cells[0]).ok_or_else(wrong)?,
            name: short("bodies", cell(1).ok_or_else(wrong)?, SHORT_MOST)?,
            organization,
            until,
        })
    };
    lines(text).map(one).collect()
}

fn tracks(field: &str, text: &str) -> Result<Vec<Track>, Fault> {
    let one = |cells: Vec<&str>| {
        let zh = cells.get(1).copied().unwrap_or_default();
        let en = cells.get(2).map(|text| (*text).to_owned());
        let key = short(field, cells[0], 40)?;
        Ok(Track { key, title: Text2::new(short(field, zh, SHORT_MOST)?, en) })
    };
    lines(text).map(one).collect()
}

/// `consult | joint | 联审 | Joint review | 5 | binding; district_officer@0190…; district_officer@0191…`
fn stages(text: &str) -> Result<Vec<StageSetup>, Fault> {
    let one = |cells: Vec<&str>| {
        let wrong = || Fault::at("stages", "calls.stages").with("line", cells.join(" | "));
        let cell = |at: usize| cells.get(at).copied().unwrap_or_default();
        let days = match cell(4) {
            "" => 0,
            text => text.parse().map_err(|_| wrong())?,
        };
        let mut stage = StageSetup {
            key: cell(1).to_owned(),
            kind: StageKind::from_code(cell(0)).ok_or_else(wrong)?,
            title: Text2::new(cell(2), Some(cell(3).to_owned())),
            days,
            seats: Vec::new(),
            binding: false,
            not_by: String::new(),
            quorum: None,
            majority: None,
        };
        for word in cell(5).split([';', '；']).map(str::trim).filter(|word| !word.is_empty()) {
            more(&mut stage, word).ok_or_else(wrong)?;
        }
        if stage.title.zh.is_empty() || stage.key.is_empty() { Err(wrong()) } else { Ok(stage) }
    };
    lines(text).map(one).collect()
}

/// What else a stage's line says: `binding`, `not_by=check`, `quorum>1/2`, `majority>=2/3`, a seat `role@organization`.
fn more(stage: &mut StageSetup, word: &str) -> Option<()> {
    if word == "binding" {
        stage.binding = true;
    } else if let Some(key) = word.strip_prefix("not_by=") {
        stage.not_by = key.trim().to_owned();
    } else if let Some(rest) = word.strip_prefix("quorum") {
        stage.quorum = Some(share(rest)?);
    } else if let Some(rest) = word.strip_prefix("majority") {
        stage.majority = Some(share(rest)?);
    } else {
        let (role, organization) = word.split_once('@')?;
        stage.seats.push(Seat { role: role.trim().parse().ok()?, organization: organization.trim().parse().ok()? });
    }
    Some(())
}

fn share(text: &str) -> Option<flow::Share> {
    let (more, rest) = match text.strip_prefix(">=") {
        Some(rest) => (false, rest),
        None => (true, text.strip_prefix('>')?),
    };
    let (top, bottom) = rest.split_once('/')?;
    Some(flow::Share { top: top.trim().parse().ok()?, bottom: bottom.trim().parse().ok()?, more })
}

fn stage_cells(stage: &StageSetup) -> Vec<String> {
    let shown = |name: &str, share: &flow::Share| {
        format!("{name}{}{}/{}", if share.more { ">" } else { ">=" }, share.top, share.bottom)
    };
    let mut words: Vec<String> = stage.binding.then(|| "binding".to_owned()).into_iter().collect();
    words.extend(Some(&stage.not_by).filter(|key| !key.is_empty()).map(|key| format!("not_by={key}")));
    words.extend(stage.quorum.as_ref().map(|share| shown("quorum", share)));
    words.extend(stage.majority.as_ref().map(|share| shown("majority", share)));
    words.extend(stage.seats.iter().map(|seat| format!("{}@{}", seat.role, seat.organization.text())));
    let days = if stage.days == 0 { String::new() } else { stage.days.to_string() };
    vec![
        stage.kind.code().into(),
        stage.key.clone(),
        stage.title.zh.clone(),
        stage.title.en.clone().unwrap_or_default(),
        days,
        words.join("; "),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::templates;

    #[test]
    fn a_setup_that_is_shown_and_read_again_is_the_same() {
        for template in templates() {
            let shown = SetupDraft::of(&template.setup);
            let read = shown.over(&template.setup, Role::DistrictOfficer);
            assert_eq!(read.unwrap_or_else(|error| panic!("{}: {error:?}", template.key)), template.setup);
        }
    }

    #[test]
    fn the_last_day_of_a_window_is_whole_and_a_time_cuts_it() {
        let draft = CallDraft { title_zh: "x".into(), closes_on: "2026-09-30".into(), ..CallDraft::default() };
        let end = |draft: &CallDraft| draft.parse().unwrap().closes_at.unwrap().to_rfc3339();
        assert_eq!(end(&draft), "2026-10-01T00:00:00+08:00");
        let at = CallDraft { closes_time: "18：30".into(), ..draft.clone() };
        assert_eq!(end(&at), "2026-09-30T18:30:00+08:00");
        for wrong in ["25:00", "18", "18:60", "-1:00"] {
            assert!(CallDraft { closes_time: wrong.into(), ..draft.clone() }.parse().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_line_that_cannot_be_read_is_quoted() {
        let draft = SetupDraft {
            stages: "check | a".into(),
            bodies: "boss | 某局".into(),
            ..SetupDraft::of(&Setup::default())
        };
        let Err(jinmen_core::Error::Invalid(faults)) = draft.over(&Setup::default(), Role::Secretariat) else {
            panic!("it was read")
        };
        assert!(faults.iter().any(|one| one.field.as_deref() == Some("stages") && one.args[0].1 == "check | a"));
        assert!(faults.iter().any(|one| one.field.as_deref() == Some("bodies")));
    }
}
