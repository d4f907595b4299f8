//! Draws in the presence of the supervisor: the order of pitches, experts of the pool.

use jinmen_core::{Actor, Error, Fault, Result};
use module::App;
use serde_json::json;

use super::{name, object, of_office, panel_of_office};
use crate::model::{
    Draw, DrawId, DrawKind, DrawMethod, Expert, ExpertKind, PanelId, Phase, Round, RoundId, RoundState, commitment,
    drawn, needed,
};
use crate::{permissions, sql};

/// What the office decided about a draw of experts.
#[derive(Clone, Debug, Default)]
pub struct ExpertLots {
    /// Only from where these experts come; from everywhere where nothing is said.
    pub kind: Option<ExpertKind>,
    /// So many are drawn.
    pub count: u32,
}

/// Commits to a secret: from now on nobody of the office can choose the order. Its commitment is published and in the record.
///
/// # Errors
/// `review.draw_over` for an order once pitches have begun; `review.draw_few`.
pub async fn commit(app: &App, actor: &Actor, panel: PanelId, kind: DrawKind, lots: &ExpertLots) -> Result<DrawId> {
    let (round, panel) = panel_of_office(&app.db, actor, &permissions::WRITE, panel).await?;
    if matches!(round.state, RoundState::Closed | RoundState::Confirmed) {
        return Err(Error::conflict("review.closed"));
    }
    let inputs = match kind {
        DrawKind::Order => order_inputs(app, &panel).await?,
        DrawKind::Experts => expert_inputs(app, &round, lots).await?,
    };
    let wanted = if kind == DrawKind::Experts { lots.count.max(1) as usize } else { 1 };
    if inputs.len() < wanted {
        return Err(Fault::new("review.draw_few").with("n", inputs.len()).into());
    }
    let secret = access::Token::random().digest();
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    let one = Draw {
        id: DrawId::new(),
        round: round.id,
        panel: panel.id,
        kind,
        method: DrawMethod::Seed,
        commitment: commitment(&secret),
        secret: seal::hex(&secret),
        words: String::new(),
        count: if kind == DrawKind::Experts { wanted as i64 } else { 0 },
        inputs,
        result: Vec::new(),
        committed_at: now,
        committed_name: name(actor),
        drawn_at: None,
        drawn_name: String::new(),
        witness: String::new(),
    };
    sql::draw::insert(&mut tx, &one).await?;
    let data =
        json!({ "panel": panel.title.zh, "kind": kind.code(), "commitment": one.commitment, "from": one.inputs.len() });
    record::append(&mut tx, actor, now, "review.draw.committed", object(round.id), data).await?;
    tx.commit().await?;
    Ok(one.id)
}

async fn order_inputs(app: &App, panel: &crate::model::Panel) -> Result<Vec<String>> {
    if panel.phase != Phase::Waiting || panel.current.is_some() {
        return Err(Error::conflict("review.draw_over"));
    }
    let mut codes: Vec<String> =
        sql::entry::of_panel(&app.db, panel.id).await?.into_iter().map(|entry| entry.code).collect();
    codes.sort();
    Ok(codes)
}

/// Experts who may be drawn, in a fixed order: those of the pool who sit in no panel of the round.
async fn expert_inputs(app: &App, round: &Round, lots: &ExpertLots) -> Result<Vec<String>> {
    let seats = sql::seat::of_round(&app.db, round.id).await?;
    let free = |one: &Expert| {
        lots.kind.is_none_or(|kind| kind == one.kind) && !seats.iter().any(|seat| seat.person == one.person)
    };
    let pool = sql::expert::active(&app.db, round.owner).await?;
    Ok(pool.iter().filter(|one| free(one)).map(|one| one.id.text()).collect())
}

/// Draws with what the supervisor says aloud: only the supervisor of the office does this, so that nobody draws alone.
///
/// # Errors
/// `review.drawn` where it was drawn; a fault of `words`; `review.draw_over`.
pub async fn draw(app: &App, actor: &Actor, id: DrawId, words: &str) -> Result<RoundId> {
    actor.may_somewhere(&permissions::SUPERVISE)?;
    let before = sql::draw::get(&app.db, id).await?;
    let round = of_office(&app.db, actor, &permissions::SUPERVISE, before.round).await?;
    let words = needed("words", words, 100)?;
    let secret = unhex(&before.secret)?;
    let mut order = drawn(&secret, &words, &before.inputs);
    if before.count > 0 {
        order.truncate(usize::try_from(before.count).unwrap_or(1));
    }
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    let one = Draw {
        words,
        result: order,
        drawn_at: Some(now),
        drawn_name: name(actor),
        witness: name(actor),
        ..before.clone()
    };
    if sql::draw::drawn(&mut tx, &one).await? == 0 {
        return Err(Error::conflict("review.drawn"));
    }
    match one.kind {
        DrawKind::Order => set_order(&mut tx, &one).await?,
        DrawKind::Experts => seat_drawn(app, &mut tx, actor, &round, &one).await?,
    }
    let data = json!({ "kind": one.kind.code(), "words": one.words, "secret": one.secret, "result": one.result });
    record::append(&mut tx, actor, now, "review.draw.drawn", object(round.id), data).await?;
    tx.commit().await?;
    Ok(round.id)
}

fn unhex(text: &str) -> Result<Vec<u8>> {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap_or_default(), 16);
    text.as_bytes().chunks(2).map(byte).collect::<std::result::Result<_, _>>().map_err(Error::internal)
}

async fn set_order(tx: &mut store::Tx, one: &Draw) -> Result<()> {
    let panel = sql::round::panel(&mut *tx, one.panel).await?;
    if panel.phase != Phase::Waiting || panel.current.is_some() {
        return Err(Error::conflict("review.draw_over"));
    }
    for entry in sql::entry::of_panel(&mut *tx, one.panel).await? {
        if let Some(place) = one.result.iter().position(|code| *code == entry.code) {
            sql::entry::set_pitch(tx, entry.id, place as i64 + 1).await?;
        }
    }
    Ok(())
}

async fn seat_drawn(app: &App, tx: &mut store::Tx, actor: &Actor, round: &Round, one: &Draw) -> Result<()> {
    let pool = sql::expert::active(&mut *tx, round.owner).await?;
    let chosen: Vec<&Expert> =
        one.result.iter().filter_map(|id| pool.iter().find(|expert| expert.id.text() == *id)).collect();
    let panel = sql::round::panel(&mut *tx, one.panel).await?;
    super::seats::seat(app, tx, actor, (round, &panel), &chosen).await.map(drop)
}

/// Types an order that was drawn with lots on paper, watched by somebody who is named.
///
/// # Errors
/// Faults of `order`, `witness`; `review.draw_over`.
pub async fn paper(app: &App, actor: &Actor, panel: PanelId, order: &str, witness: &str) -> Result<RoundId> {
    let (round, panel) = panel_of_office(&app.db, actor, &permissions::WRITE, panel).await?;
    if matches!(round.state, RoundState::Closed | RoundState::Confirmed) {
        return Err(Error::conflict("review.closed"));
    }
    let inputs = order_inputs(app, &panel).await?;
    let typed: Vec<String> = order
        .split(|c: char| c.is_whitespace() || [',', '，', '、'].contains(&c))
        .filter(|code| !code.is_empty())
        .map(str::to_uppercase)
        .collect();
    let mut sorted = typed.clone();
    sorted.sort();
    if sorted != inputs {
        let missing: Vec<&String> = inputs.iter().filter(|code| !typed.contains(code)).collect();
        let odd: Vec<&String> = typed.iter().filter(|code| !inputs.contains(code)).collect();
        let named = |codes: Vec<&String>| codes.iter().take(5).map(|code| code.as_str()).collect::<Vec<_>>().join(" ");
        return Err(Fault::at("order", "review.order_not_all")
            .with("missing", named(missing))
            .with("odd", named(odd))
            .into());
    }
    let witness = needed("witness", witness, 60)?;
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    let one = Draw {
        id: DrawId::new(),
        round: round.id,
        panel: panel.id,
        kind: DrawKind::Order,
        method: DrawMethod::Paper,
        commitment: String::new(),
        secret: String::new(),
        words: String::new(),
        count: 0,
        inputs,
        result: typed,
        committed_at: now,
        committed_name: name(actor),
        drawn_at: Some(now),
        drawn_name: name(actor),
        witness,
    };
    sql::draw::insert(&mut tx, &one).await?;
    set_order(&mut tx, &one).await?;
    let data = json!({ "kind": "order", "panel": panel.title.zh, "witness": one.witness, "result": one.result });
    record::append(&mut tx, actor, now, "review.draw.paper", object(round.id), data).await?;
    tx.commit().await?;
    Ok(round.id)
}

/// The draws of a round; the secret of one that is not drawn yet is not shown.
pub async fn list(app: &App, actor: &Actor, id: RoundId) -> Result<Vec<Draw>> {
    of_office(&app.db, actor, &permissions::READ, id).await?;
    let hidden = |one: Draw| match one.drawn_at {
        Some(_) => one,
        None => Draw { secret: String::new(), ..one },
    };
    Ok(sql::draw::of_round(&app.db, id).await?.into_iter().map(hidden).collect())
}

/// The round of a draw, for whoever may see it.
pub async fn round_of(app: &App, actor: &Actor, id: DrawId) -> Result<RoundId> {
    actor.may_somewhere(&permissions::READ)?;
    let one = sql::draw::get(&app.db, id).await?;
    Ok(of_office(&app.db, actor, &permissions::READ, one.round).await?.id)
}
