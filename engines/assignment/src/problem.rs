//! What is to be assigned.

use crate::Fault;
use crate::scores::Scores;

/// A pair that is kept whatever it costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Forced {
    pub judge: u32,
    pub entry: u32,
    pub score: i64,
}

/// Judges, entries and what binds them. Every entry gets exactly its demand, every judge a load between its bounds, no
/// pair twice, no barred pair at all.
#[derive(Debug, Clone)]
pub struct Problem {
    pub(crate) scores: Scores,
    pub(crate) demand: Vec<u32>,
    pub(crate) load_min: Vec<u32>,
    pub(crate) load_max: Vec<u32>,
    pub(crate) forced: Vec<Forced>,
    pub(crate) institution: Option<Vec<Option<u32>>>,
    pub(crate) senior: Option<Vec<bool>>,
    pub(crate) groups: Vec<Vec<u32>>,
    pub(crate) threads: usize,
}

impl Problem {
    /// A problem without conflicts, side rules and pairs that are kept.
    ///
    /// # Errors
    /// Lists of the wrong length, a demand beyond the number of judges, bounds that cross.
    pub fn new(scores: Scores, demand: Vec<u32>, load_min: Vec<u32>, load_max: Vec<u32>) -> Result<Problem, Fault> {
        check_length("demand", demand.len(), scores.entries)?;
        check_length("load_min", load_min.len(), scores.judges)?;
        check_length("load_max", load_max.len(), scores.judges)?;
        for (entry, &demand) in demand.iter().enumerate() {
            if demand as usize > scores.judges {
                return Err(Fault::Demand { entry, demand, judges: scores.judges });
            }
        }
        for (judge, (&least, &most)) in load_min.iter().zip(&load_max).enumerate() {
            if least > most {
                return Err(Fault::Loads { judge, load_min: least, load_max: most });
            }
        }
        Ok(Problem {
            scores,
            demand,
            load_min,
            load_max,
            forced: vec![],
            institution: None,
            senior: None,
            groups: vec![],
            threads: 1,
        })
    }

    /// Bars a pair: a conflict of interest.
    ///
    /// # Errors
    /// A place outside the matrix, or a pair that is kept.
    pub fn bar(&mut self, judge: usize, entry: usize) -> Result<(), Fault> {
        self.check_place(judge, entry)?;
        if self.is_forced(judge, entry) {
            return Err(Fault::Forced { judge, entry });
        }
        self.scores.bar(judge, entry);
        Ok(())
    }

    /// Bars every pair whose flag is not zero; `flags` has the shape of the scores.
    ///
    /// # Errors
    /// The wrong length, or a pair that is kept.
    pub fn bar_flagged(&mut self, flags: &[u8]) -> Result<(), Fault> {
        check_length("conflict", flags.len(), self.scores.judges * self.scores.entries)?;
        let entries = self.scores.entries;
        for (at, _) in flags.iter().enumerate().filter(|(_, flag)| **flag != 0) {
            self.bar(at / entries, at % entries)?;
        }
        Ok(())
    }

    /// Keeps a pair, as one who assigned by hand wants it.
    ///
    /// # Errors
    /// A place outside the matrix, a barred pair, or one that is kept already.
    pub fn keep(&mut self, judge: usize, entry: usize) -> Result<(), Fault> {
        self.check_place(judge, entry)?;
        let Some(score) = self.scores.get(judge, entry) else { return Err(Fault::Forced { judge, entry }) };
        // It is taken out of the matrix, so that nothing assigns it a second time.
        self.scores.bar(judge, entry);
        self.forced.push(Forced { judge: judge as u32, entry: entry as u32, score });
        Ok(())
    }

    /// The institution of every judge, for [`crate::Rules::one_per_institution`]; `None` has none.
    ///
    /// # Errors
    /// Not one for each judge.
    pub fn set_institutions(&mut self, institution: Vec<Option<u32>>) -> Result<(), Fault> {
        check_length("institution", institution.len(), self.judges())?;
        self.institution = Some(institution);
        Ok(())
    }

    /// Whether each judge is senior, for [`crate::Rules::one_senior`].
    ///
    /// # Errors
    /// Not one for each judge.
    pub fn set_seniors(&mut self, senior: Vec<bool>) -> Result<(), Fault> {
        check_length("senior", senior.len(), self.judges())?;
        self.senior = Some(senior);
        Ok(())
    }

    /// Keeps the entries of each group together: the same judges take all of them. A group counts as many entries for a
    /// judge's load as it has.
    ///
    /// # Errors
    /// An entry in two groups or outside the matrix, different demands in one group.
    pub fn set_groups(&mut self, groups: Vec<Vec<u32>>) -> Result<(), Fault> {
        let mut seen = vec![false; self.entries()];
        for group in &groups {
            for &entry in group {
                let place = entry as usize;
                if place >= seen.len() {
                    return Err(Fault::Place { judge: 0, entry: place });
                }
                if std::mem::replace(&mut seen[place], true) {
                    return Err(Fault::Group { entry: place, why: "it is in two groups" });
                }
                if self.demand[place] != self.demand[group[0] as usize] {
                    return Err(Fault::Group { entry: place, why: "its entries need different numbers of judges" });
                }
            }
        }
        self.groups = groups;
        Ok(())
    }

    /// So many threads look through the whole matrix; everything else is one thread's work.
    pub fn set_threads(&mut self, threads: usize) {
        self.threads = threads.max(1);
    }

    /// Whether [`Problem::set_institutions`] was called.
    #[must_use]
    pub fn has_institutions(&self) -> bool {
        self.institution.is_some()
    }

    /// Whether [`Problem::set_seniors`] was called.
    #[must_use]
    pub fn has_seniors(&self) -> bool {
        self.senior.is_some()
    }

    /// Whether entries stay together.
    #[must_use]
    pub fn has_groups(&self) -> bool {
        self.groups.iter().any(|group| group.len() > 1)
    }

    /// The bounds of a judge's load.
    #[must_use]
    pub fn loads(&self, judge: usize) -> std::ops::RangeInclusive<u32> {
        self.load_min[judge]..=self.load_max[judge]
    }

    /// How many judges an entry must get.
    #[must_use]
    pub fn demand(&self, entry: usize) -> u32 {
        self.demand[entry]
    }

    /// How many judges.
    #[must_use]
    pub fn judges(&self) -> usize {
        self.scores.judges
    }

    /// How many entries.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.scores.entries
    }

    /// The true score of a pair; `None` if it is barred.
    #[must_use]
    pub fn score(&self, judge: usize, entry: usize) -> Option<f64> {
        self.whole(judge, entry).map(|whole| self.real(whole))
    }

    /// A whole number of the matrix as a true score.
    pub(crate) fn real(&self, whole: i64) -> f64 {
        whole as f64 / self.scores.scale
    }

    /// The whole number of a pair, kept ones included; `None` if it is barred.
    pub(crate) fn whole(&self, judge: usize, entry: usize) -> Option<i64> {
        self.scores.get(judge, entry).or_else(|| self.forced_score(judge, entry))
    }

    fn forced_score(&self, judge: usize, entry: usize) -> Option<i64> {
        let found = self.forced.iter().find(|one| one.judge as usize == judge && one.entry as usize == entry)?;
        Some(found.score)
    }

    pub(crate) fn is_forced(&self, judge: usize, entry: usize) -> bool {
        self.forced_score(judge, entry).is_some()
    }

    /// The same judges, entries, bounds and side rules with other scores and kept pairs.
    pub(crate) fn with_scores(&self, scores: Scores, forced: Vec<Forced>) -> Problem {
        Problem {
            scores,
            forced,
            demand: self.demand.clone(),
            load_min: self.load_min.clone(),
            load_max: self.load_max.clone(),
            institution: self.institution.clone(),
            senior: self.senior.clone(),
            groups: self.groups.clone(),
            threads: self.threads,
        }
    }

    fn check_place(&self, judge: usize, entry: usize) -> Result<(), Fault> {
        if judge < self.judges() && entry < self.entries() { Ok(()) } else { Err(Fault::Place { judge, entry }) }
    }
}

fn check_length(what: &'static str, given: usize, expected: usize) -> Result<(), Fault> {
    if given == expected { Ok(()) } else { Err(Fault::Length { what, given, expected }) }
}
