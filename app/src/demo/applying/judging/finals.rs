//! Finals: one is over and under public notice, on the stage of another somebody pitches.

use calls::model::ApplicationId;
use calls::ops::desk::Act;
use calls::ops::notice::{self, NoticeDraft};
use flow::Ballot;
use jinmen_core::{Actor, Result};
use review::model::{Entry, RoundDraft, RoundId, RoundKind, ScoreDraft};
use review::ops::live::{self, Deed};
use review::ops::{draw, entries, life, scores};

use super::super::three_left;
use super::rounds::{Table, locked, marks};

/// Judges of a final.
const JUDGES: usize = 5;
/// What the judges give the firm that every screen shows: without the highest and the lowest, 89.37.
const SHOWN: [[&str; 4]; JUDGES] = [
    ["28", "23", "23", "18"],
    ["27.5", "22.6", "22", "18"],
    ["27.5", "22", "22", "18"],
    ["27.01", "21.5", "22", "18"],
    ["25.5", "20.5", "21", "18"],
];
/// What visitors gave from their phones.
const GUESTS: [&str; 7] = ["92", "88", "90", "95", "86.5", "91", "89"];

fn draft(title: &str, english: &str, track: &str, due_on: String) -> RoundDraft {
    RoundDraft {
        title_zh: format!("{title}赛道决赛路演（演示）"),
        title_en: format!("Final, {english} (demonstration)"),
        due_on,
        ties: "technology, highest, lowest".into(),
        panels: "track".into(),
        track: track.into(),
        fee: "800".into(),
        prizes: "1 | 一等奖 | 50000\n2 | 二等奖 | 20000".into(),
        ..RoundDraft::fresh(RoundKind::Live)
    }
}

impl Table<'_> {
    /// The order of a final, from lots on paper.
    async fn drawn(&self, id: RoundId, mut codes: Vec<String>) -> Result<Vec<Entry>> {
        let (app, office) = (&self.maker.app, self.desks.secretariat);
        let panel = self.panel(id).await?;
        let mut known = entries::of_panel(app, office, panel).await?;
        if codes.is_empty() {
            codes = known.iter().rev().map(|one| one.code.clone()).collect();
        }
        let witness = self.desks.supervisor.signed_in()?.name.clone();
        draw::paper(app, office, panel, &codes.join(" "), &witness).await?;
        known.sort_by_key(|one| codes.iter().position(|code| *code == one.code));
        Ok(known)
    }

    async fn scored(&self, id: RoundId, entry: &Entry, judges: &[Actor], given: &[ScoreDraft]) -> Result<()> {
        for (actor, draft) in judges.iter().zip(given) {
            scores::save(&self.maker.app, actor, id, entry.id, draft).await?;
        }
        Ok(())
    }

    /// Pitches an entry and gives it its result.
    async fn through(&self, id: RoundId, entry: &Entry, judges: &[Actor], given: &[ScoreDraft]) -> Result<()> {
        let (app, office) = (&self.maker.app, self.desks.secretariat);
        live::call_up(app, office, entry.id).await?;
        self.scored(id, entry, judges, given).await?;
        live::tally(app, office, entry.id).await?;
        live::confirm(app, self.desks.supervisor, entry.id).await?;
        Ok(())
    }
}

fn usual(entry: &Entry) -> Vec<ScoreDraft> {
    (0..JUDGES).map(|judge| marks(entry, judge)).collect()
}

/// A track that is finished: confirmed, published, decided, under public notice with three working days left.
pub async fn finished(table: &Table<'_>) -> Result<()> {
    let (maker, app, office) = (table.maker, &table.maker.app, table.desks.secretariat);
    let (until, days) = three_left(maker)?;
    maker.stand(days + 22, 30)?;
    let places: Vec<usize> = table.pool.of_track(1).into_iter().take(JUDGES).collect();
    let draft = draft("人工智能", "artificial intelligence", "ai", maker.ago(days + 12)?.to_string());
    let (id, judges) = table.opened(&[places], &draft).await?;
    maker.stand(days + 12, 10)?;
    for (at, entry) in table.drawn(id, Vec::new()).await?.iter().enumerate() {
        maker.stand(days + 12, 20 + 20 * at as i64)?;
        table.through(id, entry, &judges, &usual(entry)).await?;
    }
    maker.stand(days + 12, 300)?;
    life::close(app, office, id, "").await?;
    life::confirm(app, table.desks.supervisor, id).await?;
    life::publish(app, office, id).await?;
    life::hand_over(app, office, id).await?;
    maker.stand(days + 4, 60)?;
    let panel = table.panel(id).await?;
    let won: Vec<ApplicationId> =
        entries::of_panel(app, office, panel).await?.into_iter().map(|entry| entry.application).collect();
    for one in &won {
        let ballot = Ballot { entitled: 9, present: 9, for_it: 9, against: 0, abstained: 0 };
        super::super::act(maker, office, *one, Act::vote(ballot, "组委会审定，一致同意（演示）")).await?;
    }
    maker.stand(days, 30)?;
    let notice = NoticeDraft {
        title: "人工智能赛道拟获奖名单公示（演示）".into(),
        basis: "大赛章程".into(),
        body: "经网评、决赛路演和组委会审定，拟对下列项目授奖，现予公示。评分结果可在“评审结果”中下载并自行核对。"
            .into(),
        until: until.to_string(),
    };
    notice::begin(app, office, table.call, &won, &notice).await.map(drop)
}

/// A final that goes on: the firm that every screen shows has its result, the next one is on the stage.
pub async fn on_stage(table: &Table<'_>) -> Result<()> {
    let (maker, app, office) = (table.maker, &table.maker.app, table.desks.secretariat);
    maker.stand(7, 30)?;
    // The first of the pool is the judge whom visitors may sign in as.
    let places: Vec<usize> = table.pool.of_track(0).into_iter().take(JUDGES).collect();
    let draft = draft("大数据与数据要素", "big data", "data", maker.today.to_string());
    let (id, judges) = table.opened(&[places], &draft).await?;
    maker.stand(0, 10)?;
    let panel = table.panel(id).await?;
    let known = entries::of_panel(app, office, panel).await?;
    let own = known.iter().position(|one| one.applicant_name.contains("数聚")).unwrap_or(0);
    let mut codes: Vec<String> = known.iter().map(|one| one.code.clone()).collect();
    // Second on the stage.
    let shown = codes.remove(own);
    codes.insert(1.min(codes.len()), shown.clone());
    let order = table.drawn(id, codes).await?;
    let mut waiting = order.iter();
    for (at, entry) in waiting.by_ref().take(2).enumerate() {
        maker.stand(0, 20 + 20 * at as i64)?;
        let given =
            if entry.code == shown { SHOWN.map(|marks| locked(marks.map(str::to_owned))).into() } else { usual(entry) };
        table.through(id, entry, &judges, &given).await?;
    }
    let Some(entry) = waiting.next() else { return Ok(()) };
    maker.stand(0, 60)?;
    live::call_up(app, office, entry.id).await?;
    live::act(app, office, panel, Deed::Score).await?;
    table.scored(id, entry, &judges[1..4], &usual(entry)[1..4]).await?;
    for (at, total) in GUESTS.iter().enumerate() {
        live::guest(app, panel, entry.id, &format!("guest {at}"), total).await?;
    }
    Ok(())
}
