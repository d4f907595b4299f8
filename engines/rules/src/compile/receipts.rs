//! Functions over what was granted before: written in the language itself, over the list of receipts.

use cel::common::ast::{Expr, IdedExpr, LiteralValue};

use super::{Compiled, Compiler, Problem, problem};

/// The name of the fact that holds receipts.
pub const RECEIPTS: &str = "receipts";

/// How each function is written; `ids__` and `since__` stand for its arguments.
const TEXTS: [(&str, usize, &str); 6] = [
    ("granted", 1, "receipts.exists(r, r.clause in ids__)"),
    ("granted_since", 2, "receipts.exists(r, r.clause in ids__ && r.on >= since__)"),
    ("times_granted", 1, "size(receipts.filter(r, r.clause in ids__))"),
    ("times_granted_since", 2, "size(receipts.filter(r, r.clause in ids__ && r.on >= since__))"),
    ("paid", 1, "sum(receipts.map(r, r.clause in ids__ ? r.amount : fen(0)))"),
    ("paid_since", 2, "sum(receipts.map(r, r.clause in ids__ && r.on >= since__ ? r.amount : fen(0)))"),
];

impl Compiler<'_> {
    /// A call of such a function; nothing if the name is not one.
    pub(super) fn receipts(&mut self, name: &str, arguments: &[IdedExpr]) -> Option<Compiled> {
        let (_, count, text) = TEXTS.iter().find(|(known, ..)| *known == name)?;
        Some(self.expand(name, arguments, *count, text))
    }

    fn expand(&mut self, name: &str, arguments: &[IdedExpr], count: usize, text: &str) -> Compiled {
        if arguments.len() != count {
            let since = if count == 2 { ", a day" } else { "" };
            return Err(problem("type", format!("{name}() takes the id of a clause, or a list of ids{since}")));
        }
        if !self.names.facts.contains_key(RECEIPTS) {
            let message = format!(
                "{name}() reads what was granted before: declare the fact receipts: {{type: receipts, unit: yuan}}"
            );
            return Err(problem("unknown_name", message));
        }
        let ids = ids(name, &arguments[0])?;
        let since = arguments.get(1).map(|day| self.node(day)).transpose()?;
        if let Some((_, kind)) = since.as_ref().filter(|(_, kind)| *kind != super::Type::Date) {
            return Err(problem("type", format!("{name}() takes a day, not {kind}")));
        }
        let quoted = serde_json::to_string(&ids).map_err(|error| problem("syntax", error.to_string()))?;
        let tree = cel::parser::Parser::new()
            .parse(&text.replace("ids__", &quoted))
            .map_err(|errors| problem("syntax", errors.to_string()))?;
        let before = std::mem::replace(&mut self.since, since);
        let found = self.node(&tree);
        self.since = before;
        found
    }
}

/// The ids an argument names.
fn ids(name: &str, argument: &IdedExpr) -> Result<Vec<String>, Problem> {
    let one = |tree: &IdedExpr| match &tree.expr {
        Expr::Literal(LiteralValue::String(id)) => Ok(id.inner().to_owned()),
        _ => Err(problem("type", format!("{name}() takes the id of a clause in quotes, or a list of them"))),
    };
    match &argument.expr {
        Expr::List(list) => list.elements.iter().map(one).collect(),
        _ => one(argument).map(|id| vec![id]),
    }
}
