//! Tables of tiers: their intervals, and whether they leave gaps or overlap.

use std::sync::Arc;

use serde_saphyr::Spanned;

use super::{Loader, at, exact};
use crate::compile::{Type, compile};
use crate::document::{TableForm, Text};
use crate::number::Exact;
use crate::policy::{Row, Table};

type End = Option<(Exact, bool)>;

impl Loader<'_> {
    pub(super) fn table(&mut self, clause: &str, name: &str, form: TableForm) -> Option<(Table, Type)> {
        let (by, by_type) = match compile(&form.by.value, &self.names) {
            Ok(found) if found.1.is_number() || found.1.is_money() || found.1 == Type::Text => found,
            Ok((_, kind)) => {
                let message = format!("a table goes by a number, money or a text, not by {kind}");
                self.find(at(&form.by), clause, "type", message);
                return None;
            }
            Err(problem) => {
                self.find(at(&form.by), clause, problem.code, problem.message);
                return None;
            }
        };
        let mut rows: Vec<Row> = Vec::new();
        let mut kind: Option<Type> = None;
        for row in &form.rows {
            let mut texts = Vec::new();
            let (mut low, mut high) = (None, None);
            match (&row.within, &row.is) {
                (Some(within), None) if by_type != Type::Text => {
                    (low, high) = self.interval(clause, within, &by_type)?;
                    if let Some(before) = rows.last() {
                        self.neighbours(clause, within, before.high, low);
                    }
                }
                (None, is) if by_type == Type::Text => {
                    texts = self.texts(clause, is.as_deref().unwrap_or_default(), &rows);
                    if rows.last().is_some_and(|before| before.texts.is_empty()) {
                        let message = "the row before is for every other text; it stands last";
                        self.find(at(&row.value), clause, "tier_overlap", message);
                    }
                }
                _ => {
                    let message = "a row has in: an interval of numbers, or is: [texts] where the table goes by text";
                    self.find(at(&row.value), clause, "interval", message);
                    return None;
                }
            }
            let (value, value_type) = match compile(&row.value.value, &self.names) {
                Ok(found) => found,
                Err(problem) => {
                    self.find(at(&row.value), clause, problem.code, problem.message);
                    return None;
                }
            };
            kind = match kind {
                None => Some(value_type),
                Some(before) => {
                    let joined = before.join(&value_type);
                    if joined.is_none() {
                        self.find(at(&row.value), clause, "type", format!("rows hold {before} and {value_type}"));
                    }
                    Some(joined?)
                }
            };
            rows.push(Row { low, high, texts, value });
        }
        let mut kind = kind.or_else(|| {
            self.find(at(&form.by), clause, "table", format!("the table {name} has no row"));
            None
        })?;
        let by_text = by_type == Type::Text;
        if form.progressive {
            if !kind.is_number() || by_text {
                self.find(at(&form.by), clause, "type", "the bands of a progressive table hold rates");
                return None;
            }
            kind = if by_type.is_money() { Type::Part } else { Type::Ratio };
        }
        Some((Table { name: name.to_owned(), by, by_text, progressive: form.progressive, rows }, kind))
    }

    /// The texts of a row; each stands in one row only.
    fn texts(&mut self, clause: &str, is: &[Text], before: &[Row]) -> Vec<Arc<str>> {
        let mut texts: Vec<Arc<str>> = Vec::new();
        for text in is {
            let one: Arc<str> = Arc::from(text.value.as_str());
            if texts.contains(&one) || before.iter().any(|row| row.texts.contains(&one)) {
                self.find(at(text), clause, "tier_overlap", format!("{one:?} has a row already"));
            }
            texts.push(one);
        }
        texts
    }

    /// `[low, high)` and its like; an end that is left out is open.
    fn interval(&mut self, clause: &str, text: &Text, by: &Type) -> Option<(End, End)> {
        let source = text.value.trim();
        let closed = (source.starts_with('['), source.ends_with(']'));
        let inner = source.strip_prefix(['[', '(']).and_then(|rest| rest.strip_suffix([']', ')']));
        let Some((low, high)) = inner.and_then(split) else {
            self.find(at(text), clause, "interval", "an interval is written such as [wan(300), wan(1000))");
            return None;
        };
        let low = self.end(clause, text, low, by)?.map(|end| (end, closed.0));
        let high = self.end(clause, text, high, by)?.map(|end| (end, closed.1));
        if let (Some((a, _)), Some((b, _))) = (low, high) {
            let empty = a.compare(b).map_or(true, |order| order.is_gt() || (order.is_eq() && closed != (true, true)));
            if empty {
                self.find(at(text), clause, "tier_empty", "no number lies in this interval");
            }
        }
        Some((low, high))
    }

    fn end(&mut self, clause: &str, text: &Text, source: &str, by: &Type) -> Option<Option<Exact>> {
        if source.trim().is_empty() {
            return Some(None);
        }
        let part = Spanned::new(source.trim().to_owned(), text.referenced, text.defined);
        let (value, kind) = self.constant(clause, &part)?;
        if kind.join(by).is_none() {
            let code = if by.is_money() { "unit" } else { "type" };
            self.find(at(text), clause, code, format!("{} is {kind}, the table goes by {by}", part.value));
            return None;
        }
        exact(&value).map(Some)
    }

    fn neighbours(&mut self, clause: &str, text: &Text, before: End, low: End) {
        let (Some((end, end_in)), Some((start, start_in))) = (before, low) else {
            self.find(at(text), clause, "tier_overlap", "this row and the one before overlap: an end is missing");
            return;
        };
        match end.compare(start) {
            Ok(order) if order.is_gt() || (order.is_eq() && end_in && start_in) => {
                self.find(at(text), clause, "tier_overlap", "this row overlaps the one before (rows go upwards)");
            }
            Ok(order) if order.is_lt() || (!end_in && !start_in) => {
                self.find(at(text), clause, "tier_gap", "between this row and the one before, numbers have no row");
            }
            _ => {}
        }
    }
}

/// Cuts at the comma outside brackets.
fn split(inner: &str) -> Option<(&str, &str)> {
    let mut depth = 0i32;
    for (at, c) in inner.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => return Some((&inner[..at], &inner[at + 1..])),
            _ => {}
        }
    }
    None
}
