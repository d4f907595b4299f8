//! Results: rankings by the rules of the notice, what calibration says beside them, how far judges are apart, the document that
//! anybody checks.

use std::collections::HashMap;

use calls::model::{Call, Track};
use jinmen_core::{Actor, Error, Result, Scope, Text2};
use module::App;
use ranking::Table;
use store::Conn;

use super::of_office;
use crate::model::rank::{Given, Standing, rank_classes};
use crate::model::statement::{Bundle, DrawLine, EntryLine, KIND, PanelResult, ScoreLine, Statement, VoteLine};
use crate::model::{
    Change, DrawKind, Entry, EntryId, Panel, PanelId, Points, Round, RoundId, RoundState, Score, Seat, SeatId,
};
use crate::{permissions, sql};

/// A place in a panel.
#[derive(Clone, Debug)]
pub struct Place {
    /// The entry.
    pub entry: Entry,
    /// Where it stands.
    pub standing: Standing,
    /// What each judge gave, in the order of the panel's places.
    pub given: Vec<(SeatId, Points)>,
}

/// What calibration says of an entry: advice, which decides nothing.
#[derive(Clone, Copy, Debug)]
pub struct Advice {
    /// The rank once judges' leniency is taken out.
    pub rank: usize,
    /// The score.
    pub score: f64,
    /// Its 90 % interval.
    pub interval: Option<(f64, f64)>,
}

/// A panel with its ranking.
pub struct Ranked {
    /// The panel.
    pub panel: Panel,
    /// Its judges who locked something or still may, by place.
    pub seats: Vec<Seat>,
    /// The ranking.
    pub places: Vec<Place>,
    /// Entries without any locked score.
    pub open: Vec<Entry>,
    /// What calibration says, where judges share enough entries; by entry.
    pub advice: HashMap<EntryId, Advice>,
    /// How lenient each judge is estimated to be, in points.
    pub leniency: HashMap<SeatId, f64>,
    /// Every judge can be compared with every other.
    pub connected: bool,
}

/// Everything that a result comes from.
pub(crate) struct Read {
    pub panels: Vec<Panel>,
    pub entries: Vec<Entry>,
    pub seats: Vec<Seat>,
    pub scores: Vec<Score>,
}

pub(crate) async fn read<'a>(conn: impl Into<Conn<'a>>, round: RoundId) -> Result<Read> {
    let mut conn = conn.into();
    Ok(Read {
        panels: sql::round::panels(conn.again(), round).await?,
        entries: sql::entry::of_round(conn.again(), round).await?,
        seats: sql::seat::of_round(conn.again(), round).await?,
        scores: sql::score::of_round(conn, round).await?,
    })
}

impl Read {
    /// The entries and judges of a panel with the locked scores as the ranking takes them.
    fn panel(&self, panel: PanelId) -> (Vec<&Entry>, Vec<&Seat>, Vec<Given>) {
        let entries: Vec<&Entry> = self.entries.iter().filter(|one| one.panel == panel).collect();
        let places: HashMap<EntryId, usize> = entries.iter().enumerate().map(|(at, one)| (one.id, at)).collect();
        let seats: Vec<&Seat> = self.seats.iter().filter(|one| one.panel == panel).collect();
        let judges: HashMap<SeatId, usize> = seats.iter().enumerate().map(|(at, one)| (one.id, at)).collect();
        let given = self.scores.iter().filter(|score| score.locked).filter_map(|score| {
            Some(Given {
                judge: *judges.get(&score.seat)?,
                entry: *places.get(&score.entry)?,
                marks: score.marks.iter().flatten().copied().collect(),
                total: score.total?,
            })
        });
        let given = given.collect();
        (entries, seats, given)
    }
}

/// The rankings of a round as its scores stand now.
pub(crate) fn ranked(round: &Round, read: &Read) -> Result<Vec<Ranked>> {
    read.panels.iter().map(|panel| one_panel(round, read, panel)).collect()
}

fn one_panel(round: &Round, read: &Read, panel: &Panel) -> Result<Ranked> {
    let (entries, seats, given) = read.panel(panel.id);
    let votes: HashMap<usize, i64> =
        entries.iter().enumerate().filter_map(|(at, one)| Some((at, one.votes?))).collect();
    let classes: Vec<_> = entries.iter().map(|one| one.class()).collect();
    let found = rank_classes(&round.setup, seats.len(), &classes, &given, &votes)?;
    let of = |entry: usize| {
        let own = given.iter().filter(move |one| one.entry == entry);
        own.map(|one| (seats[one.judge].id, one.total)).collect()
    };
    let places: Vec<Place> = found
        .into_iter()
        .map(|standing| Place { entry: entries[standing.entry].clone(), given: of(standing.entry), standing })
        .collect();
    let scored: Vec<EntryId> = places.iter().map(|place| place.entry.id).collect();
    let open = entries.iter().filter(|one| !scored.contains(&one.id)).map(|one| (*one).clone()).collect();
    let (advice, leniency, connected) = calibrated(&entries, &seats, &given);
    let shown = |seat: &&&Seat| seat.state.counts() || given.iter().any(|one| seats[one.judge].id == seat.id);
    let seats = seats.iter().filter(shown).map(|seat| (*seat).clone()).collect();
    Ok(Ranked { panel: panel.clone(), seats, places, open, advice, leniency, connected })
}

type Calibrated = (HashMap<EntryId, Advice>, HashMap<SeatId, f64>, bool);

/// What calibration says; nothing where there are too few scores to tell.
fn calibrated(entries: &[&Entry], seats: &[&Seat], given: &[Given]) -> Calibrated {
    let rows = given.iter().map(|one| (one.judge, one.entry, one.total.decimal())).collect();
    let Ok(table) = Table::new(seats.len(), entries.len(), rows) else { return Calibrated::default() };
    let found = ranking::calibrated(&table);
    if found.variances.is_none() {
        return Calibrated::default();
    }
    let advice = |place: &ranking::Place| {
        let interval = place.interval.map(|interval| (interval.low, interval.high));
        (entries[place.entry].id, Advice { rank: place.rank, score: place.score, interval })
    };
    let judged: Vec<usize> = given.iter().map(|one| one.judge).collect();
    let leniency = found.leniency.iter().enumerate().filter(|(judge, _)| judged.contains(judge));
    (
        found.places.iter().map(advice).collect(),
        leniency.map(|(judge, points)| (seats[judge].id, *points)).collect(),
        found.connected(),
    )
}

/// The result of a round for the office: of a desk round once scores are fixed, of a live final as it goes.
///
/// # Errors
/// `review.still_open` for a desk round that is being judged: until its end only who leads a panel and the supervisor see how
/// judges differ.
pub async fn of_round(app: &App, actor: &Actor, id: RoundId) -> Result<(Round, Vec<Ranked>)> {
    let round = of_office(&app.db, actor, &permissions::READ, id).await?;
    let supervises = actor.may(&permissions::SUPERVISE, &Scope::owned_by(round.owner)).is_ok();
    if round.kind == crate::model::RoundKind::Desk && round.state == RoundState::Open && !supervises {
        return Err(Error::conflict("review.still_open"));
    }
    let read = read(&app.db, id).await?;
    let ranked = ranked(&round, &read)?;
    Ok((round, ranked))
}

/// How far the judges of an entry are apart.
#[derive(Clone, Debug)]
pub struct Spread {
    /// The entry.
    pub entry: Entry,
    /// The lowest and the highest total.
    pub low: Points,
    /// The highest total.
    pub high: Points,
    /// So many scores.
    pub scores: usize,
}

impl Spread {
    /// Whether they are so far apart that the panel should talk: a fifth of the scale.
    pub fn is_wide(&self, most: Points) -> bool {
        (self.high.0 - self.low.0) * 5 >= most.0
    }
}

/// How far judges are apart on every entry with two scores or more, the widest first.
pub(crate) async fn spreads(app: &App, round: &Round, panel: Option<PanelId>) -> Result<Vec<Spread>> {
    let read = read(&app.db, round.id).await?;
    let mut totals: HashMap<EntryId, Vec<Points>> = HashMap::new();
    for score in read.scores.iter().filter(|score| score.locked) {
        totals.entry(score.entry).or_default().extend(score.total);
    }
    let mut found: Vec<Spread> = read
        .entries
        .into_iter()
        .filter(|entry| panel.is_none_or(|panel| entry.panel == panel))
        .filter_map(|entry| {
            let totals = totals.get(&entry.id).filter(|totals| totals.len() > 1)?;
            let (low, high) = (*totals.iter().min()?, *totals.iter().max()?);
            Some(Spread { low, high, scores: totals.len(), entry })
        })
        .collect();
    found.sort_by_key(|one| (std::cmp::Reverse(one.high.0 - one.low.0), one.entry.code.clone()));
    Ok(found)
}

/// The same for the supervisor of the office.
pub async fn disagreement(app: &App, actor: &Actor, id: RoundId) -> Result<Vec<Spread>> {
    let round = of_office(&app.db, actor, &permissions::SUPERVISE, id).await?;
    spreads(app, &round, None).await
}

/// What became of locked scores, for the office.
pub async fn changes(app: &App, actor: &Actor, id: RoundId) -> Result<Vec<Change>> {
    of_office(&app.db, actor, &permissions::READ, id).await?;
    Ok(sql::score::changes(&app.db, id).await?)
}

/// The statement of a round as its scores stand: judges stand in it as letters and numbers in an order that tells nothing.
pub(crate) async fn statement(
    conn: &mut Conn<'_>,
    round: &Round,
    (call, owner): (&Call, &str),
    read: &Read,
) -> Result<Statement> {
    let salts: HashMap<(EntryId, SeatId), String> = sql::score::salts(conn.again(), round.id)
        .await?
        .into_iter()
        .map(|(entry, seat, salt)| ((entry, seat), salt))
        .collect();
    let draws = sql::draw::of_round(conn.again(), round.id).await?;
    let mut panels = Vec::with_capacity(read.panels.len());
    for panel in &read.panels {
        let draw = draws
            .iter()
            .rev()
            .find(|draw| draw.panel == panel.id && draw.kind == DrawKind::Order && draw.drawn_at.is_some())
            .map(|draw| DrawLine {
                commitment: draw.commitment.clone(),
                secret: draw.secret.clone(),
                words: draw.words.clone(),
                inputs: draw.inputs.clone(),
                order: draw.result.clone(),
                witness: draw.witness.clone(),
            });
        panels.push(panel_result((round, call), read, panel, draw, &salts)?);
    }
    Ok(Statement {
        number: round.number.clone(),
        title: round.title.zh.clone(),
        call: call.title.zh.clone(),
        owner: owner.to_owned(),
        rules: round.setup.clone(),
        panels,
    })
}

fn panel_result(
    (round, call): (&Round, &Call),
    read: &Read,
    panel: &Panel,
    draw: Option<DrawLine>,
    salts: &HashMap<(EntryId, SeatId), String>,
) -> Result<PanelResult> {
    let (entries, seats, given) = read.panel(panel.id);
    // The digest of a seat's identifier says nothing of the place at the table.
    let mut order: Vec<usize> = (0..seats.len()).collect();
    order.sort_by_key(|at| seal::sha256(seats[*at].id.text().as_bytes()));
    let names: HashMap<usize, String> =
        order.iter().enumerate().map(|(number, at)| (*at, format!("J{}", number + 1))).collect();
    let title = panel.title.zh.clone();
    let line = |one: &Given| {
        let salt = salts.get(&(entries[one.entry].id, seats[one.judge].id)).cloned().unwrap_or_default();
        ScoreLine::new(&title, &entries[one.entry].code, &names[&one.judge], one, salt)
    };
    let mut scores: Vec<ScoreLine> = given.iter().map(line).collect();
    scores.sort_by(|a, b| (&a.entry, &a.judge).cmp(&(&b.entry, &b.judge)));
    let vote = |one: &&Entry| Some(VoteLine { entry: one.code.clone(), votes: one.votes? });
    let mut result = PanelResult {
        entries: entries
            .iter()
            .map(|one| EntryLine {
                code: one.code.clone(),
                title: one.title.clone(),
                name: one.applicant_name.clone(),
                class: class_title(call, panel, one).map(|title| title.zh).unwrap_or_default(),
            })
            .collect(),
        draw,
        scores,
        votes: entries.iter().filter_map(vote).collect(),
        ranking: Vec::new(),
        title,
    };
    result.ranking = result.ranked(&round.setup).map_err(Error::internal)?;
    Ok(result)
}

/// What the class of an entry is called within a panel that judges several; nothing where the panel says it.
pub(crate) fn class_title(call: &Call, panel: &Panel, entry: &Entry) -> Option<Text2> {
    let left = |of: &str, own: &str| if of.is_empty() { own.to_owned() } else { String::new() };
    class_of(call, &left(&panel.track, &entry.track), &left(&panel.group, &entry.group))
}

/// What a track and a group are called together; nothing where neither is known.
pub(crate) fn class_of(call: &Call, track: &str, group: &str) -> Option<Text2> {
    let named = |all: &[Track], key: &str| all.iter().find(|one| one.key == key).map(|one| one.title.clone());
    let parts: Vec<Text2> =
        [named(&call.setup.tracks, track), named(&call.setup.groups, group)].into_iter().flatten().collect();
    let join = |of: &dyn Fn(&Text2) -> String| parts.iter().map(of).collect::<Vec<_>>().join(" · ");
    let en = |one: &Text2| one.en.clone().unwrap_or_else(|| one.zh.clone());
    (!parts.is_empty()).then(|| Text2::both(join(&|one| one.zh.clone()), join(&en)))
}

/// A result that everybody may see.
pub struct Public {
    /// The round.
    pub round: Round,
    /// What the call is called.
    pub call: jinmen_core::Text2,
    /// Whose round it is.
    pub owner: jinmen_core::Text2,
    /// What was confirmed.
    pub statement: Statement,
}

/// A published result.
///
/// # Errors
/// Not found for one that is not published.
pub async fn public(app: &App, id: RoundId) -> Result<Public> {
    let round = sql::round::get(&app.db, id).await?;
    if round.published_at.is_none() {
        return Err(Error::NotFound);
    }
    let kept = sql::draw::kept(&app.db, id).await?.ok_or(Error::NotFound)?;
    let call = calls::ops::judged::call(&app.db, round.call).await?;
    let owner = app.organization_name(round.owner).await;
    Ok(Public { call: call.title, owner, statement: serde_json::from_str(&kept.statement)?, round })
}

/// Published results, newest first.
pub async fn published(app: &App, page: &jinmen_core::PageRequest) -> Result<jinmen_core::Page<Round>> {
    let after = page.cursor(1)?.map(|cursor| cursor.0.concat());
    let rows = sql::round::published(&app.db, after, page.limit()).await?;
    Ok(jinmen_core::Page::from_rows(rows, page.limit(), |one| vec![one.id.text()]))
}

/// The document of a result: for everybody once it is published, for its office as soon as it is confirmed.
///
/// # Errors
/// `review.bundle_waits` for the moment until the record has signed it.
pub async fn bundle(app: &App, actor: &Actor, id: RoundId) -> Result<(String, Bundle)> {
    let round = sql::round::get(&app.db, id).await?;
    if round.published_at.is_none() {
        actor.may(&permissions::EXPORT, &Scope::owned_by(round.owner))?;
    }
    let kept = sql::draw::kept(&app.db, id).await?.ok_or(Error::NotFound)?;
    let filter = record::Filter {
        object: Some(super::object(id)),
        action: Some(crate::model::statement::ACTION.to_owned()),
        ..record::Filter::default()
    };
    let page = jinmen_core::PageRequest { after: None, limit: Some(50) };
    let entries = record::list(&app.db, &filter, &page).await?.items;
    let named = |entry: &&record::Entry| entry.data.as_ref().is_some_and(|data| data["statement"] == kept.digest);
    let waits = || Error::conflict("review.bundle_waits");
    let number = entries.iter().find(named).and_then(|entry| entry.number).ok_or_else(waits)?;
    let proof = record::proof::of(&app.db, u64::try_from(number).unwrap_or_default(), None, |_| true).await;
    let proof = match proof {
        Err(Error::NotFound) => return Err(waits()),
        other => other?,
    };
    let statement = serde_json::from_str(&kept.statement)?;
    Ok((round.number, Bundle { kind: KIND.to_owned(), version: 1, statement, proof }))
}
