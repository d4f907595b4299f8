//! What the engine found, in the reader's words.

use assignment::{Blocking, Change, Reason, Relaxation, Shortage, Stage};
use ui::Words;

use crate::readers::Instance;

/// So many changes of a relaxation are told one by one.
const TOLD: usize = 5;

/// What cannot be had.
pub fn blocking(t: &Words, blocking: &Blocking) -> String {
    let key = match blocking.shortage {
        Shortage::Judges => "judges",
        Shortage::Seniors => "seniors",
        Shortage::Entries => "entries",
        Shortage::Kept if blocking.by_rules => "kept-by-rules",
        Shortage::Kept => "kept",
        Shortage::Group => "group",
        Shortage::Groups if blocking.of_minimum => "groups-minimum",
        Shortage::Groups => "groups",
        Shortage::Cap if blocking.of_minimum => "cap-minimum",
        Shortage::Cap => "cap",
        Shortage::Rules if blocking.of_minimum => "rules-minimum",
        Shortage::Rules => "rules",
        Shortage::Unsettled => "unsettled",
    };
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let args = [
        ("entries", blocking.entries.len().into()),
        ("judges", blocking.judges.len().into()),
        ("needed", number(blocking.needed).into()),
        ("available", number(blocking.available).into()),
        ("rules", if blocking.by_rules { "yes" } else { "no" }.into()),
    ];
    t.with(&format!("cli-assign-short-{key}"), &args)
}

/// The first changes of a relaxation, and how many more there are like them.
pub fn relaxation(t: &Words, instance: &Instance, relaxation: &Relaxation) -> String {
    let told: Vec<String> = relaxation.changes.iter().take(TOLD).map(|one| change(t, instance, one)).collect();
    let told = told.join(&t.of("cli-list-comma"));
    match relaxation.changes.len().saturating_sub(TOLD) {
        0 => told,
        more => t.with("cli-assign-changes-more", &[("changes", told.into()), ("n", more.into())]),
    }
}

fn change(t: &Words, instance: &Instance, change: &Change) -> String {
    let (judge, entry) = (|at| ("judge", instance.judge(at).into()), |at| ("entry", instance.entry(at).into()));
    match *change {
        Change::LoadMax { judge: at, from, to } => {
            t.with("cli-assign-change-load-max", &[judge(at), ("from", from.into()), ("to", to.into())])
        }
        Change::LoadMin { judge: at, from, to } => {
            t.with("cli-assign-change-load-min", &[judge(at), ("from", from.into()), ("to", to.into())])
        }
        Change::Demand { entry: at, from, to } => {
            t.with("cli-assign-change-demand", &[entry(at), ("from", from.into()), ("to", to.into())])
        }
        Change::Conflict { judge: of, entry: at } => t.with("cli-assign-change-conflict", &[judge(of), entry(at)]),
        Change::Kept { judge: of, entry: at } => t.with("cli-assign-change-kept", &[judge(of), entry(at)]),
        Change::Rules => t.of("cli-assign-change-rules"),
        Change::Groups => t.of("cli-assign-change-groups"),
        Change::Cap => t.of("cli-assign-change-cap"),
    }
}

/// Why a pair.
pub fn reason(t: &Words, reason: &Reason) -> String {
    if reason.kept {
        return t.of("cli-assign-kept");
    }
    let mut text = t.with("cli-assign-rank", &[("rank", reason.rank.into()), ("open", reason.open.into())]);
    for (key, better) in
        [("cli-assign-better-here", reason.better_here), ("cli-assign-better-elsewhere", reason.better_elsewhere)]
    {
        if better > 0 {
            text.push_str(&t.with(key, &[("n", better.into())]));
        }
    }
    text
}

/// What is being done.
pub fn stage(t: &Words, stage: Stage) -> String {
    t.of(match stage {
        Stage::Choosing => "cli-assign-stage-choosing",
        Stage::Balancing => "cli-assign-stage-balancing",
        Stage::Pricing => "cli-assign-stage-pricing",
        Stage::Levelling => "cli-assign-stage-levelling",
        Stage::Spreading => "cli-assign-stage-spreading",
        Stage::Explaining => "cli-assign-stage-explaining",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jinmen_core::Locale;

    const SHORTAGES: [Shortage; 9] = [
        Shortage::Judges,
        Shortage::Seniors,
        Shortage::Entries,
        Shortage::Kept,
        Shortage::Group,
        Shortage::Groups,
        Shortage::Cap,
        Shortage::Rules,
        Shortage::Unsettled,
    ];

    /// Every shortage, with one or three of everything.
    fn all() -> impl Iterator<Item = Blocking> {
        let bits = |number: usize, at: usize| number >> at & 1 == 1;
        SHORTAGES.into_iter().flat_map(move |shortage| {
            (0..32).map(move |case| {
                let (entries, judges) = (if bits(case, 0) { 1 } else { 3 }, if bits(case, 1) { 1 } else { 3 });
                Blocking {
                    shortage,
                    entries: (0..if shortage == Shortage::Group { 3 } else { entries }).collect(),
                    judges: (0..judges).collect(),
                    needed: if bits(case, 2) { 1 } else { 3 },
                    available: 0,
                    by_rules: bits(case, 3),
                    of_minimum: bits(case, 4),
                    relaxations: vec![],
                }
            })
        })
    }

    #[test]
    fn english_says_what_the_engine_says_and_chinese_has_a_text_for_each() {
        let english = crate::commands::words::words(Locale::En).unwrap();
        let chinese = crate::commands::words::words(Locale::ZhCn).unwrap();
        for one in all() {
            assert_eq!(blocking(&english, &one), one.to_string());
            let text = blocking(&chinese, &one);
            assert!(!text.contains(['[', '{']) && !text.is_ascii(), "{text}");
        }
    }

    #[test]
    fn a_reason_names_who_is_better_and_where() {
        let reason_of = |kept, better_here, better_elsewhere| Reason {
            kept,
            rank: 4,
            open: 9,
            better_here,
            better_elsewhere,
            missed: 0.0,
            price: 0.0,
        };
        let english = crate::commands::words::words(Locale::En).unwrap();
        for one in [reason_of(true, 0, 0), reason_of(false, 0, 0), reason_of(false, 1, 2), reason_of(false, 0, 3)] {
            assert_eq!(reason(&english, &one), one.to_string());
        }
        let chinese = crate::commands::words::words(Locale::ZhCn).unwrap();
        assert_eq!(
            reason(&chinese, &reason_of(false, 1, 2)),
            "没有回避关系的 9 位评委中排第 4，更合适的有 1 位也评这件，更合适的有 2 位评别的作品更有用"
        );
    }
}
