//! The best lawful set of benefits: at most one of each exclusion group, and together no
//! more than each cap. Exact: branch and bound over the benefits that exclude each other, where a set is worth what its
//! caps leave and no larger set is ever worth less.

/// What limits benefits that are due to one subject. Benefits are named by their place.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    /// Of each group at most one is granted.
    pub exclusive: Vec<Vec<usize>>,
    /// Together these are paid at most so many fen. Two caps must not cross: one lies within the other, or they share
    /// nothing.
    pub caps: Vec<(Vec<usize>, i64)>,
}

/// The best set and what it pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Best {
    /// Places of the benefits that are granted, upwards.
    pub granted: Vec<usize>,
    /// What they pay together, in fen.
    pub fen: i64,
}

/// Why there is no best set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// More than [`MOST`] benefits.
    #[error("at most {MOST} benefits are combined")]
    TooMany,
    /// A place that names no benefit, or a negative amount or cap.
    #[error("a limit names benefit {0}, which is not there or negative")]
    Benefit(usize),
    /// Two caps that cross.
    #[error("the caps {0} and {1} share benefits, but neither lies within the other")]
    Crossing(usize, usize),
    /// The amounts together are beyond 64 bits.
    #[error("the amounts are too large")]
    Overflow,
}

/// The most benefits that are combined.
pub const MOST: usize = 128;

struct Problem<'a> {
    amounts: &'a [i64],
    /// Members as bits, and the cap; those within others first.
    caps: Vec<(u128, i64)>,
    /// By benefit: those it excludes.
    excludes: Vec<u128>,
    best: (i64, u128),
}

/// The best lawful set of benefits of these amounts in fen; of equally good ones the one whose benefits come first.
///
/// # Errors
/// [`Unfit`].
pub fn combine(amounts: &[i64], limits: &Limits) -> Result<Best, Unfit> {
    let mut problem = Problem::new(amounts, limits)?;
    let all = if amounts.len() == MOST { u128::MAX } else { (1 << amounts.len()) - 1 };
    let free = bits(all).filter(|at| problem.excludes[*at] == 0).fold(0, |set, at| set | 1 << at);
    problem.search(free, all & !free);
    let (fen, set) = problem.best;
    Ok(Best { granted: bits(set).collect(), fen })
}

fn bits(set: u128) -> impl Iterator<Item = usize> {
    (0..MOST).filter(move |at| set >> at & 1 == 1)
}

impl<'a> Problem<'a> {
    fn new(amounts: &'a [i64], limits: &Limits) -> Result<Self, Unfit> {
        if amounts.len() > MOST {
            return Err(Unfit::TooMany);
        }
        if let Some(at) = amounts.iter().position(|fen| *fen < 0) {
            return Err(Unfit::Benefit(at));
        }
        amounts.iter().try_fold(0_i64, |sum, fen| sum.checked_add(*fen)).ok_or(Unfit::Overflow)?;
        let set = |members: &[usize]| {
            members.iter().try_fold(0u128, |set, at| {
                if *at < amounts.len() { Ok(set | 1 << at) } else { Err(Unfit::Benefit(*at)) }
            })
        };
        let mut excludes = vec![0u128; amounts.len()];
        for group in &limits.exclusive {
            let members = set(group)?;
            bits(members).for_each(|at| excludes[at] |= members & !(1 << at));
        }
        let mut caps = Vec::new();
        for (members, fen) in &limits.caps {
            if *fen < 0 {
                return Err(Unfit::Benefit(members.first().copied().unwrap_or(0)));
            }
            caps.push((set(members)?, *fen));
        }
        for (one, (a, _)) in caps.iter().enumerate() {
            for (two, (b, _)) in caps.iter().enumerate().skip(one + 1) {
                let shared = a & b;
                if shared != 0 && shared != *a && shared != *b {
                    return Err(Unfit::Crossing(one, two));
                }
            }
        }
        caps.sort_by_key(|(members, _)| members.count_ones());
        Ok(Self { amounts, caps, excludes, best: (-1, 0) })
    }

    /// What a set pays: from the innermost cap outwards, each part at most its cap.
    fn worth(&self, set: u128) -> i64 {
        let mut parts: Vec<(u128, i64)> = bits(set).map(|at| (1u128 << at, self.amounts[at])).collect();
        for (members, most) in &self.caps {
            let (mut within, mut sum) = (0u128, 0);
            parts.retain(|(part, fen)| {
                let inside = part & members != 0;
                if inside {
                    within |= part;
                    sum += fen;
                }
                !inside
            });
            if within != 0 {
                parts.push((within, sum.min(*most)));
            }
        }
        parts.iter().map(|(_, fen)| fen).sum()
    }

    fn search(&mut self, chosen: u128, open: u128) {
        let most = self.worth(chosen | open);
        let earlier = |set: u128, than: u128| set != than && set >> (set ^ than).trailing_zeros() & 1 == 1;
        let Some(next) = bits(open).max_by_key(|at| (self.amounts[*at], std::cmp::Reverse(*at))) else {
            if most > self.best.0 || (most == self.best.0 && earlier(chosen, self.best.1)) {
                self.best = (most, chosen);
            }
            return;
        };
        if most < self.best.0 {
            return;
        }
        self.search(chosen | 1 << next, open & !(1 << next) & !self.excludes[next]);
        self.search(chosen, open & !(1 << next));
    }
}
