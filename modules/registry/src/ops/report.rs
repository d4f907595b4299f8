//! The half-yearly report of an alliance's development. Every figure is the sum of a list, and the list is what it opens.

use std::collections::{BTreeMap, HashMap};

use jinmen_core::{Actor, Date, Error, Instant, OrganizationId, Result, Scope};
use module::App;

use crate::dictionary::{Value, dictionary};
use crate::model::{AsOf, Figure, Half, Part, SubjectFile, Unit};
use crate::sql::report::{Membership, memberships};
use crate::{permissions, sql};

/// Members of one alliance.
const MOST: u32 = 20_000;
/// Yearly amounts and numbers that are summed.
const YEARLY: [&str; 4] = ["annual_revenue", "rd_spend", "headcount", "patents_applied"];
/// Numbers of today that are summed.
const TODAY: [&str; 2] = ["patents_valid", "software_copyrights"];
/// Where members' activity is kept.
pub const ACTIVITIES: &str = "alliance_activities";

/// A report with its half.
pub struct Report {
    /// The alliance.
    pub alliance: OrganizationId,
    /// The half.
    pub half: Half,
    /// The last day that is counted: that of the half, or today in one that is under way.
    pub until: Date,
    /// The figures in order.
    pub figures: Vec<Figure>,
}

impl Report {
    /// One figure.
    pub fn figure(&self, code: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.code == code)
    }
}

/// Reads a half's report of the actor's alliance.
pub async fn read(app: &App, actor: &Actor, half: Half) -> Result<Report> {
    let alliance = actor.organization().ok_or(Error::NotFound)?;
    actor.may(&permissions::READ_REPORT, &Scope::owned_by(alliance))?;
    let all = memberships(&app.db, alliance, MOST).await?;
    let files = files(app, alliance).await?;
    let until = half.days()?.1.min(app.clock.today());
    let mut figures = figures(&all, &files, half, until)?;
    let earlier = half.before();
    let before = self::figures(&all, &files, earlier, earlier.days()?.1)?;
    for figure in &mut figures {
        if figure.before.is_none() {
            figure.before = before.iter().find(|one| one.code == figure.code).map(Figure::value);
        }
    }
    Ok(Report { alliance, half, until, figures })
}

async fn files(app: &App, alliance: OrganizationId) -> Result<HashMap<String, SubjectFile>> {
    let keys: Vec<&str> = YEARLY.into_iter().chain(TODAY).chain([ACTIVITIES]).collect();
    let mut own: HashMap<String, Vec<crate::model::Fact>> = HashMap::new();
    for (subject, fact) in sql::fact::of_members(&app.db, alliance, MOST, keys).await? {
        own.entry(subject).or_default().push(fact);
    }
    Ok(own.into_iter().map(|(subject, facts)| (subject, SubjectFile::new(facts))).collect())
}

fn figures(all: &[Membership], files: &HashMap<String, SubjectFile>, half: Half, until: Date) -> Result<Vec<Figure>> {
    let (from, _) = half.days()?;
    let end = Instant::start_of(until).plus_seconds(86_400);
    let members: Vec<&Membership> = all.iter().filter(|one| is_member(one, until, end)).collect();
    let mut figures = vec![
        count("members", "members", &members),
        count("joined", "members", &members.iter().copied().filter(|one| one.from >= from).collect::<Vec<_>>()),
        count("left", "members", &left(all, from, end)),
        count(
            "claimed",
            "members",
            &members.iter().copied().filter(|one| one.claimed_at.is_some_and(|at| at < end)).collect::<Vec<_>>(),
        ),
    ];
    figures.extend(by(&members, "grade", "member_grade", |one| one.grade.clone()));
    figures.extend(by(&members, "size", "enterprise_size", |one| one.size_class.clone()));
    let class = |one: &Membership| one.digital_class.as_deref().and_then(|code| code.get(..2)).map(str::to_owned);
    figures.extend(by(&members, "digital", "digital_economy", class));
    let as_of = AsOf { day: until, known: end };
    for key in YEARLY {
        figures.push(yearly(&members, files, key, half.whole_year(until), as_of));
    }
    for key in TODAY {
        figures.push(today(&members, files, key, as_of));
    }
    figures.extend(activity(&members, files, from, until, as_of));
    Ok(figures)
}

fn is_member(one: &Membership, until: Date, end: Instant) -> bool {
    one.from <= until && one.ended_at.is_none_or(|at| at >= end)
}

fn left(all: &[Membership], from: Date, end: Instant) -> Vec<&Membership> {
    let begin = Instant::start_of(from);
    // Whoever is a member again did not leave.
    let again = |gone: &Membership| {
        all.iter().any(|one| one.organization == gone.organization && one.ended_at.is_none_or(|at| at >= end))
    };
    all.iter().filter(|one| one.ended_at.is_some_and(|at| begin <= at && at < end) && !again(one)).collect()
}

fn part(one: &Membership, value: i64) -> Part {
    Part { organization: one.organization, name: one.name.clone(), value }
}

fn count(code: &str, group: &'static str, members: &[&Membership]) -> Figure {
    let mut parts: Vec<Part> = members.iter().map(|one| part(one, 1)).collect();
    parts.dedup_by_key(|part| part.organization);
    Figure { code: code.to_owned(), group, unit: Unit::Organizations, parts, before: None }
}

/// Members by the codes of a list, in the list's order; those without a code are the last.
fn by(
    members: &[&Membership],
    prefix: &'static str,
    list: &str,
    code: impl Fn(&Membership) -> Option<String>,
) -> Vec<Figure> {
    let mut sorted: BTreeMap<Option<String>, Vec<&Membership>> = BTreeMap::new();
    for one in members {
        sorted.entry(code(one)).or_default().push(one);
    }
    let codes = dictionary().list(list).map(|codes| codes.children(None)).unwrap_or_default();
    let mut figures = Vec::new();
    for known in codes {
        if let Some(some) = sorted.remove(&Some(known.code.to_owned())) {
            figures.push(count(&format!("{prefix}.{}", known.code), prefix, &some));
        }
    }
    let rest: Vec<&Membership> = sorted.into_values().flatten().collect();
    if !rest.is_empty() {
        figures.push(count(&format!("{prefix}.none"), prefix, &rest));
    }
    figures
}

fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Money(money) => Some(money.fen()),
        Value::Integer(number) => Some(*number),
        _ => None,
    }
}

fn unit(key: &str) -> Unit {
    match dictionary().get(key).map(|key| key.kind) {
        Some(crate::dictionary::FactType::Money) => Unit::Money,
        _ => Unit::Number,
    }
}

fn sum(
    members: &[&Membership],
    files: &HashMap<String, SubjectFile>,
    value: impl Fn(&SubjectFile) -> Option<i64>,
) -> Vec<Part> {
    let mut parts: Vec<Part> =
        members.iter().filter_map(|one| Some(part(one, value(files.get(&one.organization.text())?)?))).collect();
    parts.dedup_by_key(|part| part.organization);
    parts
}

fn yearly(
    members: &[&Membership],
    files: &HashMap<String, SubjectFile>,
    key: &'static str,
    year: i16,
    as_of: AsOf,
) -> Figure {
    let of = |file: &SubjectFile, year: i16| {
        let series = file.series(key, as_of);
        series.into_iter().find(|(of, _)| *of == year).and_then(|(_, fact)| number(fact.value.as_ref()?))
    };
    let before = sum(members, files, |file| of(file, year - 1)).iter().map(|part| i128::from(part.value)).sum();
    let parts = sum(members, files, |file| of(file, year));
    Figure { code: key.to_owned(), group: "yearly", unit: unit(key), parts, before: Some(before) }
}

fn today(members: &[&Membership], files: &HashMap<String, SubjectFile>, key: &'static str, as_of: AsOf) -> Figure {
    let parts = sum(members, files, |file| file.current(key, as_of).and_then(|fact| number(fact.value.as_ref()?)));
    Figure { code: key.to_owned(), group: "today", unit: unit(key), parts, before: None }
}

fn activity(
    members: &[&Membership],
    files: &HashMap<String, SubjectFile>,
    from: Date,
    until: Date,
    as_of: AsOf,
) -> Vec<Figure> {
    let kinds = dictionary().list("alliance_activity").map(|codes| codes.children(None)).unwrap_or_default();
    let within = |file: &SubjectFile, kind: &str| {
        let Some(Value::Records(records)) = file.current(ACTIVITIES, as_of).and_then(|fact| fact.value.clone()) else {
            return None;
        };
        let own = records.iter().filter(|record| {
            let day = matches!(record.get("date"), Some(Value::Date(day)) if from <= *day && *day <= until);
            day && matches!(record.get("kind"), Some(Value::Code(code)) if code == kind)
        });
        let total: i64 = own
            .map(|record| match record.get("count") {
                Some(Value::Integer(count)) => *count,
                _ => 1,
            })
            .sum();
        (total > 0).then_some(total)
    };
    kinds
        .into_iter()
        .map(|kind| Figure {
            code: format!("activity.{}", kind.code),
            group: "activity",
            unit: Unit::Number,
            parts: sum(members, files, |file| within(file, kind.code)),
            before: None,
        })
        .collect()
}
