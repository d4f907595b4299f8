//! What is refused before anything is evaluated.

use crate::source;

fn codes(source: &str) -> Vec<&'static str> {
    rules::load(source).map(|_| Vec::new()).unwrap_or_else(|findings| findings.iter().map(|one| one.code).collect())
}

const FACTS: &str = "{a: {type: int}, b: {type: bool}, m: {type: money, unit: yuan}}";

#[test]
fn wrong_expressions_are_refused_with_a_code() {
    for (condition, amount, code) in [
        ("a", "wan(1)", "type"),
        ("m > 100", "wan(1)", "unit"),
        ("b", "100", "unit"),
        ("b", "m / 3", "rounding"),
        ("a > 1.5", "wan(1)", "type"),
        ("zzz > 1", "wan(1)", "unknown_name"),
        ("eligible('Z')", "wan(1)", "unknown_name"),
        ("eligible('A')", "wan(1)", "cycle"),
        ("b &&", "wan(1)", "syntax"),
        ("b && a", "wan(1)", "type"),
        ("has(a.b)", "wan(1)", "unsupported"),
        ("{'a': 1} == 1", "wan(1)", "unsupported"),
    ] {
        assert_eq!(codes(&source(FACTS, condition, amount)), [code], "{condition} / {amount}");
    }
}

#[test]
fn a_clause_without_cases_is_refused() {
    let text = source(FACTS, "b", "wan(1)").replace("  cases: [{}]\n", "");
    assert_eq!(codes(&text), ["no_cases"]);
}

#[test]
fn money_without_a_unit_is_refused() {
    assert_eq!(codes(&source("{m: {type: money}}", "true", "wan(1)")), ["unit"]);
}

#[test]
fn gaps_overlaps_and_empty_tiers_are_found_with_their_line() {
    let table = |rows: &str| {
        source(FACTS, "b", "t")
            .replace("  conditions:", &format!("  tables:\n    t:\n      by: m\n      rows:\n{rows}  conditions:"))
    };
    let row = |within: &str| format!("      - {{in: \"{within}\", value: wan(1)}}\n");
    for (first, second, wanted) in [
        ("(, wan(5)]", "(wan(5), )", &[][..]),
        ("(, wan(5))", "[wan(5), )", &[]),
        ("(, wan(5))", "(wan(5), )", &["tier_gap"]),
        ("(, wan(4)]", "(wan(5), )", &["tier_gap"]),
        ("(, wan(5)]", "[wan(5), )", &["tier_overlap"]),
        ("(, )", "[wan(5), )", &["tier_overlap"]),
        ("[wan(5), wan(5))", "[wan(5), )", &["tier_empty"]),
        ("(, 5]", "(wan(5), )", &["unit"]),
    ] {
        let text = table(&(row(first) + &row(second)));
        let found = codes(&text);
        assert!(found.starts_with(wanted) && found.is_empty() == wanted.is_empty(), "{first} {second}: {found:?}");
    }
    let findings = rules::load(&table(&(row("(, wan(4)]") + &row("(wan(5), )")))).unwrap_err();
    assert_eq!(findings[0].line, 10);
}

#[test]
fn what_is_too_long_or_too_deep_is_refused_before_it_is_parsed() {
    let long = format!("a > {}", "1 + ".repeat(20_000) + "1");
    let deep = format!("{}b{}", "(".repeat(10_000), ")".repeat(10_000));
    let nots = format!("{}b", "!".repeat(10_000));
    let conditional = format!("{}true", "b ? true : ".repeat(5000));
    for condition in [long, deep, nots, conditional, "x".repeat(10 << 20)] {
        assert_eq!(codes(&source(FACTS, &condition, "wan(1)")), ["too_large"]);
    }
}

#[test]
fn broken_documents_are_answered_not_panicked_at() {
    for text in
        ["", "policy: [", "policy: x", "\u{0}", "policy: x\nclauses: 3", "- 1", "policy: x\nzzz: 1\nclauses: []"]
    {
        assert_eq!(codes(text), ["document"], "{text:?}");
    }
}
