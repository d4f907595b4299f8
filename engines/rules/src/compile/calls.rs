//! The functions of the language and their types.

use super::{Compiled, Node, Type, problem};

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// A count times so many fen.
    Fen(i64),
    /// One over so many: `percent`, `permille`.
    Over(i64),
    /// An exact quotient.
    Quotient,
    /// The least or (true) the greatest.
    Extreme(bool),
    /// To a multiple of so many fen.
    Round(i64, crate::number::Rounding),
    /// Sum of a list.
    Sum,
    /// Length of a list.
    Size,
    /// The years a series has.
    Years,
    /// Somewhere from nothing to so much, as people decide.
    UpTo,
    /// Whether so many of the list hold.
    AtLeast,
    /// A day from its ISO form.
    Date,
    /// Year of a day.
    Year,
    /// A day so many months later, at most the month's last.
    AddMonths,
    /// Full months from one day to another.
    MonthsBetween,
    /// Whether a text begins so.
    StartsWith,
    /// Whether last year reaches the threshold and no earlier year did.
    FirstReached,
    /// Sum over the last so many years, or as many as the series has.
    SumLast,
    /// Mean over the last so many years, or as many as the series has.
    MeanLast,
    /// Whether the series grew in each of the last so many years.
    Grew,
    /// Whether the compound growth over so many years reaches the ratio.
    GrowthReaches,
}

/// A call of a function on compiled arguments.
pub(super) fn call(name: &str, arguments: Vec<(Node, Type)>) -> Compiled {
    use crate::number::Rounding::{Down, Nearest, Up};
    let (nodes, kinds): (Vec<Node>, Vec<Type>) = arguments.into_iter().unzip();
    let series = |kind: &Type| matches!(kind, Type::Series(inner) if inner.is_money() || inner.is_number());
    let (function, kind) = match (name, kinds.as_slice()) {
        ("yuan", [Type::Int]) => (Function::Fen(100), Type::Money),
        ("fen", [Type::Int]) => (Function::Fen(1), Type::Money),
        ("wan", [Type::Int]) => (Function::Fen(1_000_000), Type::Money),
        ("yi", [Type::Int]) => (Function::Fen(10_000_000_000), Type::Money),
        ("percent", [Type::Int]) => (Function::Over(100), Type::Ratio),
        ("permille", [Type::Int]) => (Function::Over(1000), Type::Ratio),
        ("ratio", [Type::Int, Type::Int]) => (Function::Quotient, Type::Ratio),
        ("least" | "greatest", [first, rest @ ..]) if !rest.is_empty() => {
            let joined = rest.iter().try_fold(first.clone(), |joined, one| joined.join(one));
            let joined = joined.filter(|kind| kind.is_money() || kind.is_number());
            let joined = joined.ok_or_else(|| problem("type", format!("{name}() compares numbers of one unit")))?;
            (Function::Extreme(name == "greatest"), joined)
        }
        ("floor_yuan", [kind]) if kind.is_money() => (Function::Round(100, Down), Type::Money),
        ("ceil_yuan", [kind]) if kind.is_money() => (Function::Round(100, Up), Type::Money),
        ("round_yuan", [kind]) if kind.is_money() => (Function::Round(100, Nearest), Type::Money),
        ("floor_fen", [kind]) if kind.is_money() => (Function::Round(1, Down), Type::Money),
        ("ceil_fen", [kind]) if kind.is_money() => (Function::Round(1, Up), Type::Money),
        ("round_fen", [kind]) if kind.is_money() => (Function::Round(1, Nearest), Type::Money),
        ("sum", [Type::List(Some(inner))]) if inner.is_money() || inner.is_number() => {
            (Function::Sum, (**inner).clone())
        }
        ("size", [Type::List(_)]) => (Function::Size, Type::Int),
        ("years", [Type::Series(_)]) => (Function::Years, Type::List(Some(Box::new(Type::Int)))),
        ("up_to", [kind]) if kind.is_money() => (Function::UpTo, kind.clone()),
        ("at_least", [Type::Int, Type::List(Some(inner))]) if **inner == Type::Bool => (Function::AtLeast, Type::Bool),
        ("date", [Type::Text]) => (Function::Date, Type::Date),
        ("year", [Type::Date]) => (Function::Year, Type::Int),
        ("add_months", [Type::Date, Type::Int]) => (Function::AddMonths, Type::Date),
        ("months_between", [Type::Date, Type::Date]) => (Function::MonthsBetween, Type::Int),
        ("startsWith", [Type::Text, Type::Text]) => (Function::StartsWith, Type::Bool),
        ("first_reached", [kind @ Type::Series(inner), threshold])
            if series(kind) && inner.join(threshold).is_some() =>
        {
            (Function::FirstReached, Type::Bool)
        }
        ("sum_last", [Type::Series(inner), Type::Int]) => (Function::SumLast, (**inner).clone()),
        ("mean_last", [kind @ Type::Series(inner), Type::Int]) if series(kind) => {
            (Function::MeanLast, if inner.is_money() { Type::Part } else { Type::Ratio })
        }
        ("grew", [kind, Type::Int]) if series(kind) => (Function::Grew, Type::Bool),
        ("growth_reaches", [kind, Type::Int, rate]) if series(kind) && rate.is_number() => {
            (Function::GrowthReaches, Type::Bool)
        }
        _ => {
            let kinds: Vec<String> = kinds.iter().map(ToString::to_string).collect();
            return Err(problem("type", format!("there is no function {name}({})", kinds.join(", "))));
        }
    };
    Ok((Node::Call(function, nodes), kind))
}
