//! A compiled expression in the words of a policy file, for proofs.

use crate::compile::{Arithmetic, Comparison, Function, Node};
use crate::number::Rounding;
use crate::policy::{Clause, Policy};
use crate::proof::shown;
use crate::value::Kind;

/// Names of one clause.
pub(crate) struct Words<'a> {
    pub policy: &'a Policy,
    pub clause: &'a Clause,
}

impl Words<'_> {
    /// The expression; amounts of money are in fen. What macros do is left out.
    pub fn node(&self, node: &Node) -> String {
        let both = |a: &Node, sign: &str, b: &Node| format!("{} {sign} {}", self.node(a), self.node(b));
        match node {
            Node::Constant(value) => match &value.kind {
                Kind::Text(text) => format!("'{text}'"),
                _ => shown(value),
            },
            Node::Fact(at) => self.policy.facts[usize::from(*at)].name.clone(),
            Node::Parameter(at) => self.policy.parameters[usize::from(*at)].name.clone(),
            Node::ParameterOn(at, day) => {
                format!("value_on({}, {})", self.policy.parameters[usize::from(*at)].name, self.node(day))
            }
            Node::Table(at) => self.clause.tables.get(usize::from(*at)).map_or("…", |table| &table.name).to_owned(),
            Node::AsOf => "as_of".to_owned(),
            Node::LastYear => "last_year".to_owned(),
            Node::Not(inner) => format!("!({})", self.node(inner)),
            Node::Logic(and, a, b) => format!("({})", both(a, if *and { "&&" } else { "||" }, b)),
            Node::If(a, b, c) => format!("({} ? {} : {})", self.node(a), self.node(b), self.node(c)),
            Node::Arithmetic(operation, a, b) => {
                let sign = match operation {
                    Arithmetic::Add => "+",
                    Arithmetic::Subtract => "-",
                    Arithmetic::Multiply => "*",
                    Arithmetic::Divide | Arithmetic::Truncate => "/",
                    Arithmetic::Remainder => "%",
                };
                format!("({})", both(a, sign, b))
            }
            Node::Join(a, b) => both(a, "+", b),
            Node::Compare(comparison, a, b) => {
                let sign = match comparison {
                    Comparison::Less(false) => "<",
                    Comparison::Less(true) => "<=",
                    Comparison::Greater(false) => ">",
                    Comparison::Greater(true) => ">=",
                    Comparison::Same(true) => "==",
                    Comparison::Same(false) => "!=",
                };
                both(a, sign, b)
            }
            Node::In(a, b) => both(a, "in", b),
            Node::Index(a, b) => format!("{}[{}]", self.node(a), self.node(b)),
            Node::List(nodes) => format!("[{}]", self.all(nodes)),
            Node::Call(Function::StartsWith, both) => match both.as_slice() {
                [text, prefix] => format!("{}.startsWith({})", self.node(text), self.node(prefix)),
                _ => "…".to_owned(),
            },
            Node::Call(function, nodes) => format!("{}({})", name(*function), self.all(nodes)),
            Node::Eligible(at) => format!("eligible('{}')", self.policy.clauses[*at].id),
            Node::AmountOf(at) => format!("amount_of('{}')", self.policy.clauses[*at].id),
            Node::Local(_) | Node::Field(..) | Node::Fold(_) => "…".to_owned(),
        }
    }

    fn all(&self, nodes: &[Node]) -> String {
        nodes.iter().map(|node| self.node(node)).collect::<Vec<_>>().join(", ")
    }
}

fn name(function: Function) -> &'static str {
    match function {
        Function::Fen(1) => "fen",
        Function::Fen(100) => "yuan",
        Function::Fen(1_000_000) => "wan",
        Function::Fen(_) => "yi",
        Function::Over(100) => "percent",
        Function::Over(_) => "permille",
        Function::Quotient => "ratio",
        Function::Extreme(false) => "least",
        Function::Extreme(true) => "greatest",
        Function::Round(1, Rounding::Down) => "floor_fen",
        Function::Round(1, Rounding::Up) => "ceil_fen",
        Function::Round(1, Rounding::Nearest) => "round_fen",
        Function::Round(_, Rounding::Down) => "floor_yuan",
        Function::Round(_, Rounding::Up) => "ceil_yuan",
        Function::Round(_, Rounding::Nearest) => "round_yuan",
        Function::Sum => "sum",
        Function::Size => "size",
        Function::Years => "years",
        Function::UpTo => "up_to",
        Function::AtLeast => "at_least",
        Function::Date => "date",
        Function::Year => "year",
        Function::AddMonths => "add_months",
        Function::MonthsBetween => "months_between",
        Function::StartsWith => "startsWith",
        Function::FirstReached => "first_reached",
        Function::SumLast => "sum_last",
        Function::MeanLast => "mean_last",
        Function::Grew => "grew",
        Function::GrowthReaches => "growth_reaches",
    }
}
