//! In what the numbers of a proof are: money in fen, a ratio, or plain. Expressions keep no types once they are checked, so
//! this is read off the facts, parameters and functions that they are made of.

use crate::compile::{Arithmetic, Function, Node, Type};
use crate::policy::Policy;

/// Money, in fen.
const MONEY: &str = "money";
/// A share of one.
const RATIO: &str = "ratio";

/// The unit of a type; nothing for what is a plain number or none.
pub(crate) fn of_type(kind: &Type) -> Option<&'static str> {
    match kind {
        Type::Money => Some(MONEY),
        Type::Ratio => Some(RATIO),
        Type::Series(inner) => of_type(inner),
        Type::List(inner) => inner.as_deref().and_then(of_type),
        _ => None,
    }
}

/// The unit of an expression, as far as it can be told.
pub(crate) fn of(policy: &Policy, clause: usize, node: &Node) -> Option<&'static str> {
    let unit = |node: &Node| of(policy, clause, node);
    match node {
        Node::Fact(at) => of_type(&policy.facts[usize::from(*at)].kind),
        Node::Parameter(at) | Node::ParameterOn(at, _) => of_type(&policy.parameters[usize::from(*at)].kind),
        Node::AmountOf(_) => Some(MONEY),
        Node::Index(list, _) => unit(list),
        Node::If(_, yes, no) => unit(yes).or(unit(no)),
        Node::Table(at) => {
            let table = &policy.clauses[clause].tables[usize::from(*at)];
            table.rows.first().and_then(|row| unit(&row.value))
        }
        Node::List(all) => all.iter().find_map(unit),
        Node::Arithmetic(operation, left, right) => arithmetic(*operation, unit(left), unit(right)),
        Node::Call(function, arguments) => match function {
            Function::Fen(_) | Function::Round(..) | Function::UpTo => Some(MONEY),
            Function::Over(_) | Function::Quotient => Some(RATIO),
            Function::Extreme(_) | Function::Sum | Function::SumLast | Function::MeanLast => {
                arguments.iter().find_map(unit)
            }
            _ => None,
        },
        _ => None,
    }
}

fn arithmetic(operation: Arithmetic, left: Option<&'static str>, right: Option<&'static str>) -> Option<&'static str> {
    let money = [left, right].contains(&Some(MONEY));
    match operation {
        Arithmetic::Multiply if money => Some(MONEY),
        Arithmetic::Divide | Arithmetic::Truncate if left == right && money => Some(RATIO),
        Arithmetic::Divide if left == Some(MONEY) => Some(MONEY),
        Arithmetic::Divide => Some(RATIO),
        Arithmetic::Truncate => left,
        _ => left.or(right),
    }
}
