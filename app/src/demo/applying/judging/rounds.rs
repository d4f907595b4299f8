//! Rounds on papers: the first is out, another goes on.

use calls::model::CallId;
use jinmen_core::{Actor, Error, Result};
use review::model::{Entry, RoundDraft, RoundId, RoundKind, ScoreDraft};
use review::ops::{assign, entries, judging, life, rounds, scores, seats};

use super::super::super::maker::Maker;
use super::super::Desks;
use super::TRACKS;
use super::pool::Pool;

/// What everybody at the competition works with.
pub struct Table<'a> {
    pub maker: &'a Maker,
    pub desks: &'a Desks<'a>,
    pub call: CallId,
    pub pool: Pool,
}

/// The card's criteria.
const CRITERIA: [&str; 4] = ["technology", "business", "market", "team"];

/// A score as it is locked.
pub fn locked(marks: [String; 4]) -> ScoreDraft {
    ScoreDraft {
        marks: CRITERIA.into_iter().map(str::to_owned).zip(marks).collect(),
        comment: String::new(),
        note: String::new(),
        lock: true,
        key: String::new(),
    }
}

/// What a judge gives: better and worse projects, milder and stricter judges, nothing left to chance.
pub fn marks(entry: &Entry, judge: usize) -> ScoreDraft {
    let number: usize = entry.code.trim_start_matches('P').parse().unwrap_or(1);
    let worth = (number * 37 + 26) % 101;
    let mark = |criterion: usize, most: usize| {
        // Of a hundred points: the project, the judge's mildness, and what this judge thinks of this side of it.
        let opinion = (number * 31 + judge * 17 + criterion * 13) % 19;
        let hundred = 62 + worth / 4 + 2 * (judge % 4) + opinion / 2;
        let halves = hundred.min(98) * most * 2 / 100;
        if halves.is_multiple_of(2) { (halves / 2).to_string() } else { format!("{}.5", halves / 2) }
    };
    locked([mark(0, 30), mark(1, 25), mark(2, 25), mark(3, 20)])
}

impl Table<'_> {
    /// A round whose panels have these judges, who all come, and opened. Actors in the order of `places`.
    pub async fn opened(&self, places: &[Vec<usize>], draft: &RoundDraft) -> Result<(RoundId, Vec<Actor>)> {
        let (app, office) = (&self.maker.app, self.desks.secretariat);
        let id = rounds::begin(app, office, self.call, draft).await?;
        entries::take_in(app, office, id).await?;
        let panels = rounds::read(app, office, id).await?.panels;
        for (panel, places) in panels.iter().zip(places) {
            let experts: Vec<_> = places.iter().map(|at| self.pool.experts[*at]).collect();
            seats::choose(app, office, panel.id, &experts).await?;
        }
        seats::invite(app, office, id).await?;
        let judges = self.pool.actors(self.maker, &places.concat()).await?;
        for actor in &judges {
            judging::accept(app, actor, id, true, &[]).await?;
        }
        review::ops::conflicts::find(app, office, id).await?;
        if draft.giving == "assigned" {
            let digest = assign::propose(app, office, id, None).await?.digest;
            assign::accept(app, office, id, &digest).await?;
        }
        life::open(app, office, id).await?;
        Ok((id, judges))
    }

    /// The blind round on papers, with six panels: three judges on each entry, given by the engine.
    pub async fn papers(&self) -> Result<()> {
        let (maker, app, office) = (self.maker, &self.maker.app, self.desks.secretariat);
        maker.stand(66, 30)?;
        let draft = RoundDraft {
            title_zh: "专题赛网评（演示）".into(),
            title_en: "First round: papers (demonstration)".into(),
            due_on: maker.ago(50)?.to_string(),
            ties: "technology, highest, lowest".into(),
            panels: "track".into(),
            giving: "assigned".into(),
            demand: "3".into(),
            promote: "2".into(),
            ..RoundDraft::fresh(RoundKind::Desk)
        };
        let places: Vec<Vec<usize>> = (0..TRACKS.len()).map(|track| self.pool.of_track(track)).collect();
        let (id, judges) = self.opened(&places, &draft).await?;
        for (at, actor) in judges.iter().enumerate() {
            maker.stand(62 - (at as i64) % 8, 60)?;
            for (entry, _) in judging::desk(app, actor, id).await?.entries {
                scores::save(app, actor, id, entry.id, &marks(&entry, at)).await?;
            }
        }
        maker.stand(49, 30)?;
        life::close(app, office, id, "").await?;
        maker.stand(48, 30)?;
        life::confirm(app, self.desks.supervisor, id).await?;
        life::publish(app, office, id).await?;
        life::hand_over(app, office, id).await?;
        Ok(())
    }

    /// Papers of one track's best are read once more, by whom visitors may sign in as too.
    pub async fn second_reading(&self) -> Result<()> {
        let (maker, app) = (self.maker, &self.maker.app);
        maker.stand(6, 30)?;
        let draft = RoundDraft {
            title_zh: "信创赛道复评（演示）".into(),
            title_en: "Second reading, xinchuang (demonstration)".into(),
            due_on: super::super::ahead(maker, 5)?,
            ties: "technology, revote".into(),
            panels: "track".into(),
            track: "xinchuang".into(),
            promote: "1".into(),
            ..RoundDraft::fresh(RoundKind::Desk)
        };
        let (id, judges) = self.opened(&[vec![0, 2, 8, 14, 20]], &draft).await?;
        for (at, actor) in judges.iter().enumerate() {
            maker.stand(3, 40 + 10 * at as i64)?;
            // The first has read two, the others nearly all.
            let read = if at == 0 { 2 } else { 6 - at % 3 };
            for (number, (entry, _)) in judging::desk(app, actor, id).await?.entries.into_iter().take(read).enumerate()
            {
                let draft = ScoreDraft { lock: at > 0 || number == 0, ..marks(&entry, at) };
                scores::save(app, actor, id, entry.id, &draft).await?;
            }
        }
        Ok(())
    }

    /// The panel of a round that has just one.
    pub async fn panel(&self, id: RoundId) -> Result<review::model::PanelId> {
        let panels = rounds::read(&self.maker.app, self.desks.secretariat, id).await?.panels;
        panels.first().map(|panel| panel.id).ok_or(Error::NotFound)
    }
}
