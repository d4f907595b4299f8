//! Who includes whom, and where a file is reached through those that include it.

use std::collections::{HashMap, HashSet};

use super::directives::What;
use super::{Kept, Unit};
use crate::target::Targets;

/// Who includes a file, in which line, and whether another file may be meant as well.
pub(crate) type Includer = (usize, u32, bool);

/// For each file, who includes it and in which line.
pub(super) fn includers(units: &[Unit<'_>]) -> Vec<Vec<Includer>> {
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, unit) in units.iter().enumerate() {
        by_name.entry(unit.path.rsplit('/').next().unwrap_or(unit.path)).or_default().push(index);
    }
    let mut found = vec![Vec::new(); units.len()];
    for (index, unit) in units.iter().enumerate() {
        for directive in unit.directives {
            let What::Include(wanted) = &directive.what else { continue };
            let wanted = wanted.trim_start_matches("./");
            let tail = wanted.trim_start_matches("../");
            let Some(candidates) = by_name.get(tail.rsplit('/').next().unwrap_or(tail)) else { continue };
            let fits = |candidate: &&usize| {
                let path = units[**candidate].path;
                path == tail || path.strip_suffix(tail).is_some_and(|before| before.ends_with('/'))
            };
            let folder = unit.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let beside = candidates.iter().find(|candidate| {
                let path = units[**candidate].path;
                path.strip_prefix(folder).map(|rest| rest.trim_start_matches('/')) == Some(tail)
            });
            match beside {
                Some(only) if !wanted.starts_with("..") => found[*only].push((index, directive.line, false)),
                _ => {
                    let fitting: Vec<usize> = candidates.iter().filter(fits).take(8).copied().collect();
                    for candidate in &fitting {
                        found[*candidate].push((index, directive.line, fitting.len() > 1));
                    }
                }
            }
        }
    }
    found
}

/// Carries the guards of includes into the files they include, until nothing changes. Cycles end because sets only grow.
pub(super) fn reach(units: &[Unit<'_>], includers: &[Vec<Includer>], kept: &mut [Kept]) {
    for (index, unit) in units.iter().enumerate() {
        let root = !unit.header || includers[index].is_empty();
        kept[index].reached = if root { unit.place } else { Targets::NONE };
    }
    let mut includes: Vec<Vec<Includer>> = vec![Vec::new(); units.len()];
    for (index, from) in includers.iter().enumerate() {
        from.iter().for_each(|(includer, line, vague)| includes[*includer].push((index, *line, *vague)));
    }
    let mut work: Vec<usize> = (0..units.len()).filter(|index| !kept[*index].reached.is_empty()).collect();
    let carry = |work: &mut Vec<usize>, kept: &mut [Kept]| {
        while let Some(index) = work.pop() {
            for (included, line, vague) in &includes[index] {
                let place = if *vague { units[*included].place } else { Targets::ALL };
                let more = kept[index].at(*line).usual.and(place);
                let before = kept[*included].reached;
                if before.or(more) != before {
                    kept[*included].reached = before.or(more);
                    work.push(*included);
                }
            }
        }
    };
    carry(&mut work, kept);
    // A ring of headers that nobody outside includes is a root as well.
    let reachable: HashSet<usize> = reachable(units, includers, &includes);
    for (index, kept) in kept.iter_mut().enumerate() {
        if kept.reached.is_empty() && !reachable.contains(&index) {
            kept.reached = units[index].place;
            work.push(index);
        }
    }
    carry(&mut work, kept);
}

fn reachable(units: &[Unit<'_>], includers: &[Vec<Includer>], includes: &[Vec<Includer>]) -> HashSet<usize> {
    let mut work: Vec<usize> =
        (0..units.len()).filter(|index| !units[*index].header || includers[*index].is_empty()).collect();
    let mut seen: HashSet<usize> = work.iter().copied().collect();
    while let Some(index) = work.pop() {
        work.extend(includes[index].iter().map(|(included, ..)| *included).filter(|included| seen.insert(*included)));
    }
    seen
}
