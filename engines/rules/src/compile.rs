//! From the tree of the CEL parser to the compiled, typed form.

mod calls;
mod receipts;

use std::collections::BTreeMap;
use std::sync::Arc;

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, operators as op};

use crate::limits;
use crate::value::{Kind, Value};

/// A type of the language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// An exact fraction.
    Ratio,
    /// Whole fen.
    Money,
    /// Money that may have fractions of a fen and must be rounded to be paid.
    Part,
    /// A day.
    Date,
    /// A text or code.
    Text,
    /// A list; of nothing while it is empty.
    List(Option<Box<Type>>),
    /// A record with named fields; the number is what one of the field's unit counts, see [`crate::Fact::scale`].
    Record(Arc<Vec<(String, Type, i64)>>),
    /// Values by fiscal year.
    Series(Box<Type>),
}

impl Type {
    pub(crate) fn is_number(&self) -> bool {
        matches!(self, Self::Int | Self::Ratio)
    }

    pub(crate) fn is_money(&self) -> bool {
        matches!(self, Self::Money | Self::Part)
    }

    /// The type both fit into.
    pub(crate) fn join(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            _ if self == other => Some(self.clone()),
            _ if self.is_number() && other.is_number() => Some(Self::Ratio),
            _ if self.is_money() && other.is_money() => Some(Self::Part),
            (Self::List(None), Self::List(_)) => Some(other.clone()),
            (Self::List(_), Self::List(None)) => Some(self.clone()),
            (Self::List(Some(a)), Self::List(Some(b))) => a.join(b).map(|inner| Self::List(Some(Box::new(inner)))),
            _ => None,
        }
    }
}

impl std::fmt::Display for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::Ratio => f.write_str("ratio"),
            Self::Money => f.write_str("money"),
            Self::Part => f.write_str("money with fractions of a fen"),
            Self::Date => f.write_str("date"),
            Self::Text => f.write_str("text"),
            Self::List(None) => f.write_str("empty list"),
            Self::List(Some(inner)) => write!(f, "list of {inner}"),
            Self::Record(_) => f.write_str("record"),
            Self::Series(inner) => write!(f, "{inner} by year"),
        }
    }
}

/// Arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    /// Sum.
    Add,
    /// Difference.
    Subtract,
    /// Product.
    Multiply,
    /// Exact quotient.
    Divide,
    /// Quotient cut towards zero, of whole numbers.
    Truncate,
    /// Rest of that.
    Remainder,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Below, or equal too.
    Less(bool),
    /// Above, or equal too.
    Greater(bool),
    /// The same (true) or not the same (false).
    Same(bool),
}

/// The compiled form.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A constant.
    Constant(Value),
    /// A fact by its number.
    Fact(u16),
    /// A parameter by its number.
    Parameter(u16),
    /// A parameter on another day.
    ParameterOn(u16, Box<Node>),
    /// A table of the clause.
    Table(u16),
    /// The day asked about.
    AsOf,
    /// The year before it.
    LastYear,
    /// A variable of a macro, counted from the outermost.
    Local(usize),
    /// Not.
    Not(Box<Node>),
    /// And (true) or or (false).
    Logic(bool, Box<Node>, Box<Node>),
    /// Conditional.
    If(Box<Node>, Box<Node>, Box<Node>),
    /// Arithmetic.
    Arithmetic(Arithmetic, Box<Node>, Box<Node>),
    /// Lists joined.
    Join(Box<Node>, Box<Node>),
    /// Comparison.
    Compare(Comparison, Box<Node>, Box<Node>),
    /// Membership.
    In(Box<Node>, Box<Node>),
    /// Element of a list or year of a series.
    Index(Box<Node>, Box<Node>),
    /// Field of a record.
    Field(Box<Node>, usize),
    /// A list.
    List(Vec<Node>),
    /// A comprehension: range, start, step, result. Its variables are two locals: element, then accumulator.
    Fold(Box<[Node; 4]>),
    /// A function.
    Call(calls::Function, Vec<Node>),
    /// Whether another clause holds.
    Eligible(usize),
    /// What another clause pays.
    AmountOf(usize),
}

pub use calls::Function;
pub(crate) use receipts::RECEIPTS;

/// What an expression may name.
#[derive(Default)]
pub struct Names {
    /// Facts with type and number.
    pub facts: BTreeMap<String, (u16, Type)>,
    /// Parameters.
    pub parameters: BTreeMap<String, (u16, Type)>,
    /// Tables of this clause.
    pub tables: BTreeMap<String, (u16, Type)>,
    /// Clauses by id.
    pub clauses: BTreeMap<String, usize>,
}

/// Compiles one expression.
///
/// # Errors
/// A stable code and a sentence in English.
pub fn compile(source: &str, names: &Names) -> Result<(Node, Type), Problem> {
    limits::check(source).map_err(|message| Problem { code: "too_large", message })?;
    let tree = cel::parser::Parser::new()
        .parse(source)
        .map_err(|errors| Problem { code: "syntax", message: errors.to_string().replace('\n', " ") })?;
    Compiler { names, locals: Vec::new(), since: None }.node(&tree)
}

/// Why an expression does not compile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `too_large`, `syntax`, `type`, `unit`, `unknown_name`, `unsupported`.
    pub code: &'static str,
    /// In English.
    pub message: String,
}

type Compiled = Result<(Node, Type), Problem>;

fn problem(code: &'static str, message: impl Into<String>) -> Problem {
    Problem { code, message: message.into() }
}

struct Compiler<'a> {
    names: &'a Names,
    locals: Vec<(String, Type)>,
    /// What `since__` stands for while a function over receipts is written out.
    since: Option<(Node, Type)>,
}

impl Compiler<'_> {
    fn node(&mut self, tree: &IdedExpr) -> Compiled {
        match &tree.expr {
            Expr::Literal(literal) => constant(literal),
            Expr::Ident(name) => self.name(name),
            Expr::Select(select) if !select.test => self.field(&select.operand, &select.field),
            Expr::Call(call) => self.call(call),
            Expr::List(list) => self.list(&list.elements),
            Expr::Comprehension(fold) if fold.iter_var2.is_none() => {
                let (range, range_type) = self.node(&fold.iter_range)?;
                let Type::List(element) = range_type else {
                    return Err(problem("type", format!("a macro runs over a list, not over {range_type}")));
                };
                let element = element.map_or(Type::Int, |inner| *inner);
                let (start, start_type) = self.node(&fold.accu_init)?;
                self.locals.push((fold.iter_var.clone(), element));
                self.locals.push((fold.accu_var.clone(), start_type.clone()));
                let step = self.node(&fold.loop_step);
                let result = step.and_then(|(step, step_type)| {
                    let whole = start_type
                        .join(&step_type)
                        .ok_or_else(|| problem("type", "the macro's condition must be bool"))?;
                    if let Some(last) = self.locals.last_mut() {
                        last.1 = whole;
                    }
                    self.node(&fold.result).map(|(result, kind)| (step, result, kind))
                });
                self.locals.truncate(self.locals.len() - 2);
                let (step, result, kind) = result?;
                Ok((Node::Fold(Box::new([range, start, step, result])), kind))
            }
            Expr::Select(_) => {
                Err(problem("unsupported", "has() is not used here: a missing fact is unknown, not absent"))
            }
            _ => Err(problem("unsupported", "maps, messages and two-variable macros are not part of the language")),
        }
    }

    fn name(&self, name: &str) -> Compiled {
        if let Some(at) = self.locals.iter().rposition(|(local, _)| local == name) {
            return Ok((Node::Local(at), self.locals[at].1.clone()));
        }
        let names = self.names;
        if let Some((at, kind)) = names.tables.get(name) {
            return Ok((Node::Table(*at), kind.clone()));
        }
        if let Some((at, kind)) = names.parameters.get(name) {
            return Ok((Node::Parameter(*at), kind.clone()));
        }
        if let Some((at, kind)) = names.facts.get(name) {
            return Ok((Node::Fact(*at), kind.clone()));
        }
        match name {
            "since__" if self.since.is_some() => self.since.clone().ok_or_else(|| problem("syntax", "")),
            "as_of" => Ok((Node::AsOf, Type::Date)),
            "last_year" => Ok((Node::LastYear, Type::Int)),
            _ => Err(problem("unknown_name", format!("{name} is neither a declared fact nor a parameter nor a table"))),
        }
    }

    fn field(&mut self, operand: &IdedExpr, field: &str) -> Compiled {
        let (node, kind) = self.node(operand)?;
        let Type::Record(fields) = &kind else {
            return Err(problem("type", format!("{kind} has no field {field}")));
        };
        let at = fields.iter().position(|(name, ..)| name == field);
        let at = at.ok_or_else(|| problem("unknown_name", format!("the record has no field {field}")))?;
        Ok((Node::Field(Box::new(node), at), fields[at].1.clone()))
    }

    fn list(&mut self, elements: &[IdedExpr]) -> Compiled {
        let mut whole: Option<Type> = None;
        let mut nodes = Vec::new();
        for element in elements {
            let (node, kind) = self.node(element)?;
            whole = Some(match whole {
                None => kind,
                Some(before) => {
                    before.join(&kind).ok_or_else(|| problem("type", format!("a list holds {before} and {kind}")))?
                }
            });
            nodes.push(node);
        }
        Ok((folded(Node::List(nodes)), Type::List(whole.map(Box::new))))
    }

    fn call(&mut self, call: &CallExpr) -> Compiled {
        if let ("eligible" | "amount_of", [argument]) = (call.func_name.as_str(), call.args.as_slice()) {
            return self.reference(&call.func_name, argument);
        }
        if let Some(found) = call.target.is_none().then(|| self.receipts(&call.func_name, &call.args)).flatten() {
            return found;
        }
        if let ("value_on", None, [parameter, day]) = (call.func_name.as_str(), &call.target, call.args.as_slice()) {
            return self.dated(parameter, day);
        }
        // The parser guards loops with this; evaluation here looks at every element.
        if call.func_name == op::NOT_STRICTLY_FALSE {
            return Ok((Node::Constant(Value::bool(true)), Type::Bool));
        }
        let mut arguments = Vec::new();
        for argument in call.target.as_deref().into_iter().chain(&call.args) {
            arguments.push(self.node(argument)?);
        }
        let found = operator(&call.func_name, &arguments).unwrap_or_else(|| calls::call(&call.func_name, arguments));
        found.map(|(node, kind)| (folded(node), kind))
    }

    /// A parameter's value on another day than the one asked about.
    fn dated(&mut self, parameter: &IdedExpr, day: &IdedExpr) -> Compiled {
        let (node, kind) = self.node(parameter)?;
        let Node::Parameter(at) = node else {
            return Err(problem("type", "value_on() takes a parameter and a day"));
        };
        match self.node(day)? {
            (day, Type::Date) => Ok((Node::ParameterOn(at, Box::new(day)), kind)),
            (_, other) => Err(problem("type", format!("value_on() takes a parameter and a day, not {other}"))),
        }
    }

    fn reference(&self, function: &str, argument: &IdedExpr) -> Compiled {
        let Expr::Literal(LiteralValue::String(id)) = &argument.expr else {
            return Err(problem("type", format!("{function}() takes the id of a clause in quotes")));
        };
        let at = self.names.clauses.get(id.inner()).copied();
        let at = at.ok_or_else(|| problem("unknown_name", format!("there is no clause {}", id.inner())))?;
        Ok(if function == "eligible" { (Node::Eligible(at), Type::Bool) } else { (Node::AmountOf(at), Type::Money) })
    }
}

/// What is made of constants alone becomes one, unless it has no value: then evaluation says why.
fn folded(node: Node) -> Node {
    let constants = |nodes: &[Node]| nodes.iter().all(|node| matches!(node, Node::Constant(_)));
    let fixed = match &node {
        Node::Call(Function::UpTo, _) => false,
        Node::Call(_, nodes) | Node::List(nodes) => constants(nodes),
        Node::Arithmetic(_, a, b) => matches!((&**a, &**b), (Node::Constant(_), Node::Constant(_))),
        _ => false,
    };
    match fixed.then(|| crate::load::constant_value(&node)) {
        Some(Ok(value)) if value.missing.is_empty() => Node::Constant(value),
        _ => node,
    }
}

fn constant(literal: &LiteralValue) -> Compiled {
    match literal {
        LiteralValue::Boolean(value) => Ok((Node::Constant(Value::bool(*value.inner())), Type::Bool)),
        LiteralValue::Int(value) => Ok((Node::Constant(Value::whole(i128::from(*value.inner()))), Type::Int)),
        LiteralValue::String(text) => {
            Ok((Node::Constant(Value::certain(Kind::Text(Arc::from(text.inner())))), Type::Text))
        }
        LiteralValue::Double(_) => {
            Err(problem("type", "floating point is not exact: write percent(5), permille(5) or ratio(1, 3)"))
        }
        _ => Err(problem("unsupported", "null, bytes and unsigned numbers are not part of the language")),
    }
}

/// A CEL operator on compiled operands; nothing if the name is not one.
fn operator(name: &str, arguments: &[(Node, Type)]) -> Option<Compiled> {
    let boxed = |at: usize| Box::new(arguments[at].0.clone());
    let kind = |at: usize| &arguments[at].1;
    let wrong = || {
        let kinds: Vec<String> = arguments.iter().map(|(_, kind)| kind.to_string()).collect();
        let units = kinds.iter().any(|kind| kind.starts_with("money")) && kinds.iter().any(|kind| kind == "int");
        let (code, hint) = if units { ("unit", "; write yuan(…), wan(…) or yi(…)") } else { ("type", "") };
        problem(code, format!("{} does not go with {}{hint}", name.trim_matches('_'), kinds.join(" and ")))
    };
    let found = match (name, arguments.len()) {
        (op::LOGICAL_AND | op::LOGICAL_OR, 2) if *kind(0) == Type::Bool && *kind(1) == Type::Bool => {
            (Node::Logic(name == op::LOGICAL_AND, boxed(0), boxed(1)), Type::Bool)
        }
        (op::LOGICAL_NOT, 1) if *kind(0) == Type::Bool => (Node::Not(boxed(0)), Type::Bool),
        (op::CONDITIONAL, 3) if *kind(0) == Type::Bool => match kind(1).join(kind(2)) {
            Some(joined) => (Node::If(boxed(0), boxed(1), boxed(2)), joined),
            None => return Some(Err(wrong())),
        },
        (op::NEGATE, 1) if kind(0).is_number() || kind(0).is_money() => {
            let zero = Box::new(Node::Constant(Value::whole(0)));
            (Node::Arithmetic(Arithmetic::Subtract, zero, boxed(0)), kind(0).clone())
        }
        (op::ADD, 2) if matches!((kind(0), kind(1)), (Type::List(_), Type::List(_))) => match kind(0).join(kind(1)) {
            Some(joined) => (Node::Join(boxed(0), boxed(1)), joined),
            None => return Some(Err(wrong())),
        },
        (op::ADD | op::SUBSTRACT | op::MULTIPLY | op::DIVIDE | op::MODULO, 2) => {
            match arithmetic(name, kind(0), kind(1)) {
                Some((operation, result)) => (Node::Arithmetic(operation, boxed(0), boxed(1)), result),
                None => return Some(Err(wrong())),
            }
        }
        (op::LESS | op::LESS_EQUALS | op::GREATER | op::GREATER_EQUALS, 2) if ordered(kind(0), kind(1)) => {
            let comparison = match name {
                op::LESS => Comparison::Less(false),
                op::LESS_EQUALS => Comparison::Less(true),
                op::GREATER => Comparison::Greater(false),
                _ => Comparison::Greater(true),
            };
            (Node::Compare(comparison, boxed(0), boxed(1)), Type::Bool)
        }
        (op::EQUALS | op::NOT_EQUALS, 2) if ordered(kind(0), kind(1)) || kind(0).join(kind(1)) == Some(Type::Bool) => {
            (Node::Compare(Comparison::Same(name == op::EQUALS), boxed(0), boxed(1)), Type::Bool)
        }
        (op::IN, 2) => match kind(1) {
            Type::List(None) => (Node::In(boxed(0), boxed(1)), Type::Bool),
            Type::List(Some(inner)) if ordered(kind(0), inner) => (Node::In(boxed(0), boxed(1)), Type::Bool),
            _ => return Some(Err(wrong())),
        },
        (op::INDEX, 2) if *kind(1) == Type::Int => match kind(0) {
            Type::Series(inner) | Type::List(Some(inner)) => (Node::Index(boxed(0), boxed(1)), (**inner).clone()),
            _ => return Some(Err(wrong())),
        },
        _ if name.contains(['_', '@']) && name.starts_with(['_', '@', '!', '-']) => return Some(Err(wrong())),
        _ => return None,
    };
    Some(Ok(found))
}

fn ordered(a: &Type, b: &Type) -> bool {
    a.join(b).is_some_and(|joined| joined.is_number() || joined.is_money() || matches!(joined, Type::Date | Type::Text))
}

fn arithmetic(name: &str, a: &Type, b: &Type) -> Option<(Arithmetic, Type)> {
    let both_int = *a == Type::Int && *b == Type::Int;
    Some(match name {
        op::ADD | op::SUBSTRACT => {
            let joined = a.join(b).filter(|joined| joined.is_number() || joined.is_money())?;
            (if name == op::ADD { Arithmetic::Add } else { Arithmetic::Subtract }, joined)
        }
        op::MULTIPLY if a.is_number() && b.is_number() => (Arithmetic::Multiply, a.join(b)?),
        op::MULTIPLY if a.is_money() != b.is_money() && (a.is_number() || b.is_number()) => {
            let whole = [a, b].iter().all(|one| matches!(one, Type::Money | Type::Int));
            (Arithmetic::Multiply, if whole { Type::Money } else { Type::Part })
        }
        op::DIVIDE if both_int => (Arithmetic::Truncate, Type::Int),
        op::DIVIDE if a.is_number() && b.is_number() => (Arithmetic::Divide, Type::Ratio),
        op::DIVIDE if a.is_money() && b.is_money() => (Arithmetic::Divide, Type::Ratio),
        op::DIVIDE if a.is_money() && b.is_number() => (Arithmetic::Divide, Type::Part),
        op::MODULO if both_int => (Arithmetic::Remainder, Type::Int),
        _ => return None,
    })
}
