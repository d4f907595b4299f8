//! The options of `jinmen assign`.

use std::path::PathBuf;

use anyhow::Result;
use assignment::Randomness;
use clap::Args;

use crate::cli::Format;

/// `jinmen assign`.
#[derive(Args, Debug, Clone)]
pub struct Flags {
    /// An archive of NumPy arrays: scores (judges × entries), demand, load_max; scale, conflict, load_min, institution,
    /// senior where there.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["scores", "judges", "entries"], required_unless_present = "scores")]
    pub npz: Option<PathBuf>,
    /// A table judge,entry,score and, if wanted, conflict; a pair without a row scores 0.
    #[arg(long, value_name = "CSV", requires_all = ["judges", "entries"])]
    pub scores: Option<PathBuf>,
    /// A table judge,load_max and, if wanted, load_min, institution, senior.
    #[arg(long, value_name = "CSV", requires = "scores")]
    pub judges: Option<PathBuf>,
    /// A table entry,demand.
    #[arg(long, value_name = "CSV", requires = "scores")]
    pub entries: Option<PathBuf>,
    /// The highest floor under every entry's total, then the largest sum.
    #[arg(long)]
    pub fair: bool,
    /// At most one judge of an institution on an entry.
    #[arg(long)]
    pub one_per_institution: bool,
    /// At least one senior judge on every entry.
    #[arg(long)]
    pub one_senior: bool,
    /// A table judge,entry of pairs that are kept whatever they cost.
    #[arg(long, value_name = "CSV")]
    pub keep: Option<PathBuf>,
    /// A table entry,group: the entries of a group get the same judges.
    #[arg(long, value_name = "CSV")]
    pub together: Option<PathBuf>,
    /// Exchange pairs, at the least loss, until all judges are linked through common entries.
    #[arg(long)]
    pub connect: bool,
    /// Draw by lot: no pair is likelier than this.
    #[arg(long, value_name = "P", conflicts_with = "quality")]
    pub max_probability: Option<f64>,
    /// Draw by lot: as random as this share of the largest sum allows.
    #[arg(long, value_name = "Q")]
    pub quality: Option<f64>,
    /// The seed of the draw; the same seed draws the same.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub seed: u64,
    /// So many threads look through the matrix.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub threads: usize,
    /// Where the pairs go, as a table judge,entry,score.
    #[arg(long, value_name = "CSV")]
    pub out: Option<PathBuf>,
    /// Where the reasons go, as a table judge,entry,score,reason.
    #[arg(long, value_name = "CSV")]
    pub reasons: Option<PathBuf>,
    /// Where the prices go that prove the bound, as arrays judge_price and entry_price.
    #[arg(long, value_name = "NPZ")]
    pub proof: Option<PathBuf>,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

impl Flags {
    /// Checks what no single option shows.
    pub fn check(&self) -> Result<()> {
        let by_lot = self.max_probability.or(self.quality).is_some();
        if by_lot && (self.fair || self.one_per_institution || self.one_senior) {
            anyhow::bail!("a draw by lot cannot be combined with --fair, --one-per-institution or --one-senior");
        }
        if by_lot && (self.together.is_some() || self.connect) {
            anyhow::bail!("a draw by lot cannot be combined with --together or --connect");
        }
        if self.fair && self.connect {
            anyhow::bail!("--connect gives up totals for links, so it cannot be combined with --fair");
        }
        if let Some(cap) = self.max_probability {
            Randomness::MaxProbability(cap).check()?;
        }
        if let Some(share) = self.quality {
            Randomness::Quality(share).check()?;
        }
        if self.threads == 0 {
            anyhow::bail!("--threads 0: at least one is needed");
        }
        Ok(())
    }
}
