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
    let chain = format!("a > {}", "1 + ".repeat(1000) + "1");
    let chains = (0..60).fold("a".to_owned(), |inner, _| format!("({inner}{})", " + 1".repeat(100))) + " > 1";
    let fields = format!("a{} > 1", ".b".repeat(1000));
    let indices = format!("a{} > 1", "[0]".repeat(1000));
    for condition in [long, deep, nots, conditional, chain, chains, fields, indices, "x".repeat(10 << 20)] {
        assert_eq!(codes(&source(FACTS, &condition, "wan(1)")), ["too_large"]);
    }
}

#[test]
fn many_conditions_and_long_lists_are_no_chain() {
    let many = vec!["a + 1 > 3"; 2000].join(" && ");
    let list = format!("a in [{}]", (0..5000).map(|n| n.to_string()).collect::<Vec<_>>().join(", "));
    let sums = format!("a{} > 1", " + 1".repeat(200));
    for condition in [many, list, sums] {
        assert_eq!(codes(&source(FACTS, &condition, "wan(1)")), [""; 0]);
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

#[test]
fn what_nothing_reaches_is_found_with_its_place() {
    let facts =
        "{a: {type: int, min: 0, max: 9}, b: {type: bool}, m: {type: money, unit: yuan, min: 0}, t: {type: text}}";
    for (condition, amount, wanted) in [
        ("a > 9", "wan(1)", &["never"][..]),
        ("a < 0 || m < yuan(0)", "wan(1)", &["never"]),
        ("a > 3 && a < 4", "wan(1)", &["never"]),
        ("b && !b", "wan(1)", &["never"]),
        ("m >= wan(2) && !(m > wan(1))", "wan(1)", &["never"]),
        ("t == 'x' && t == 'y'", "wan(1)", &["never"]),
        ("false", "wan(1)", &["never"]),
        ("a > 3 && a < 5", "wan(1)", &[]),
        ("true", "wan(1)", &[]),
        ("b", "b ? wan(1) : wan(2)", &["unreachable"]),
        ("a >= 5", "a < 5 ? wan(1) : wan(2)", &["unreachable"]),
        ("b", "m >= wan(1) ? wan(1) : m >= wan(2) ? wan(2) : wan(3)", &["unreachable"]),
        ("b", "m >= wan(2) ? wan(1) : m >= wan(1) ? wan(2) : wan(3)", &[]),
        ("b", "a == 5 ? wan(1) : a == 6 ? wan(2) : wan(3)", &[]),
    ] {
        assert_eq!(codes(&source(facts, condition, amount)), wanted, "{condition} / {amount}");
    }
    let table = source(facts, "m > wan(2)", "t2").replace(
        "  conditions:",
        "  tables: {t2: {by: m, rows: [{in: '(, wan(1))', value: wan(1)}, {in: '[wan(1), )', value: wan(2)}]}}\n  conditions:",
    );
    let findings = rules::load(&table).unwrap_err();
    assert_eq!((findings[0].code, findings[0].line, findings[0].clause.as_str()), ("unreachable", 5, "A"));
    let findings = rules::load(&source(facts, "a > 9", "wan(1)")).unwrap_err();
    assert_eq!((findings[0].line, findings[0].column, findings[0].clause.as_str()), (5, 30, "A"));
}

#[test]
fn a_draft_that_could_pay_is_refused() {
    let text = source(FACTS, "b", "wan(1)").replace("cases: [{}]", "cases: [{eligible: true}]");
    assert_eq!(codes(&text), [""; 0]);
    assert_eq!(codes(&text.replace("policy: p", "policy: p\nstatus: draft")), ["draft_pays"]);
    assert_eq!(codes(&text.replace("- id: A", "- id: A\n  status: draft")), ["draft_pays"]);
    let second = "- id: B\n  conditions: [{zh: c, when: eligible('A')}]\n  amount: amount_of('A')\n  cases: [{}]\n";
    let both = source(FACTS, "b", "wan(1)").replace("- id: A", "- id: A\n  status: draft") + second;
    let findings = rules::load(&both).unwrap_err();
    assert_eq!((findings[0].code, findings[0].clause.as_str(), findings[0].line), ("draft_pays", "B", 9));
}

#[test]
fn dates_cycles_and_cases_are_refused_with_their_place() {
    let place = |text: &str| {
        let findings = rules::load(text).unwrap_err();
        (findings[0].code, findings[0].line, findings[0].clause.clone())
    };
    let base = source(FACTS, "b", "wan(1)");
    assert_eq!(place(&source(FACTS, "eligible('A')", "wan(1)")), ("cycle", 4, "A".to_owned()));
    let window = |days: &str| base.replace("- id: A", &format!("- id: A\n  in_force: {{{days}}}"));
    assert_eq!(place(&window("from: 2024-02-30")), ("date", 5, "A".to_owned()));
    assert_eq!(place(&window("from: 2024-02-01, to: 2023-01-01")), ("never", 5, "A".to_owned()));
    let case = base.replace("cases: [{}]", "cases: [{facts: {zzz: 1}}]");
    assert_eq!(place(&case), ("unknown_name", 4, "A".to_owned()));
    let parameter =
        base.replace("clauses:", "parameters:\n  q:\n    values: [{from: 2024-13-01, value: wan(1)}]\nclauses:");
    assert_eq!(place(&parameter).0, "date");
    assert_eq!(place(&base.replace("amount:", "instalments: [percent(50), percent(49)]\n  amount:")).0, "shares");
    assert_eq!(place(&base.replace("amount:", "payers: {x: percent(50), y: percent(49)}\n  amount:")).0, "shares");
}
