//! The functions of the language.

use std::collections::BTreeMap;
use std::sync::Arc;

use codes::Date;

use super::{Evaluated, compare, logic, settled, union};
use crate::compile::{Comparison, Function};
use crate::fault::Fault;
use crate::number::{Exact, Range};
use crate::value::{Kind, PEOPLE, Value};

/// Calls a function; `last_year` is the year before the day asked about.
pub(super) fn call(function: Function, arguments: &[Value], last_year: i16) -> Evaluated {
    let all: Vec<&Value> = arguments.iter().collect();
    let range = |at: usize| arguments[at].range().ok_or(Fault::Type);
    let number = |range: Range| Ok(Value { kind: Kind::Number(range), missing: settled(range, &all) });
    match function {
        Function::Fen(fen) => number(range(0)?.multiply(Range::point(Exact::whole(i128::from(fen))))?),
        Function::Over(of) => number(range(0)?.divide(Range::point(Exact::whole(i128::from(of))))?),
        Function::Quotient => number(range(0)?.divide(range(1)?)?),
        Function::Extreme(greatest) => number(extreme(arguments, greatest)?),
        Function::Round(unit, rounding) => number(range(0)?.rising(|exact| exact.round(i128::from(unit), rounding))?),
        Function::Sum => Ok(list(&arguments[0]).map_or_else(|| Ok(unknown(&all)), sum)?),
        Function::Size => {
            Ok(list(&arguments[0]).map_or_else(|| unknown(&all), |list| Value::whole(list.len() as i128)))
        }
        Function::Years => Ok(match &arguments[0].kind {
            Kind::Series(series) => {
                let years = series.keys().map(|year| Value::whole(i128::from(*year))).collect();
                Value::certain(Kind::List(Arc::new(years)))
            }
            _ => unknown(&all),
        }),
        Function::UpTo => up_to(&arguments[0]),
        Function::AtLeast => at_least(arguments),
        Function::Date => match &arguments[0].kind {
            Kind::Text(text) => Date::from_iso(text).map(day).map_err(|_| Fault::Date),
            _ => Ok(unknown(&all)),
        },
        Function::Year => Ok(match arguments[0].kind {
            Kind::Date(date) => Value::whole(i128::from(date.year())),
            _ => unknown(&all),
        }),
        Function::AddMonths => match (date(&arguments[0]), whole(&arguments[1])) {
            (Some(date), Some(months)) => {
                let months = i32::try_from(months).map_err(|_| Fault::Date)?;
                date.add_months(months).map(day).map_err(|_| Fault::Date)
            }
            _ => Ok(unknown(&all)),
        },
        Function::MonthsBetween => Ok(match (date(&arguments[0]), date(&arguments[1])) {
            (Some(from), Some(to)) => Value::whole(i128::from(full_months(from, to))),
            _ => unknown(&all),
        }),
        Function::StartsWith => Ok(match (&arguments[0].kind, &arguments[1].kind) {
            (Kind::Text(text), Kind::Text(prefix)) => Value::bool(text.starts_with(&**prefix)),
            _ => unknown(&all),
        }),
        Function::FirstReached | Function::SumLast | Function::MeanLast | Function::Grew | Function::GrowthReaches => {
            match &arguments[0].kind {
                Kind::Series(series) => by_year(function, series, arguments, last_year),
                _ => Ok(unknown(&all)),
            }
        }
    }
}

fn unknown(values: &[&Value]) -> Value {
    Value::unknown(union(values))
}

fn day(date: Date) -> Value {
    Value::certain(Kind::Date(date))
}

fn date(value: &Value) -> Option<Date> {
    if let Kind::Date(date) = value.kind { Some(date) } else { None }
}

fn whole(value: &Value) -> Option<i128> {
    value.range().and_then(Range::value).and_then(Exact::as_whole)
}

fn list(value: &Value) -> Option<&[Value]> {
    if let Kind::List(list) = &value.kind { Some(list) } else { None }
}

/// Full months from one day to another, cut towards zero; the day of the month decides.
fn full_months(from: Date, to: Date) -> i64 {
    let months = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month());
    let all = months(to) - months(from);
    match all {
        1.. if to.day() < from.day() => all - 1,
        ..=-1 if to.day() > from.day() => all + 1,
        _ => all,
    }
}

fn extreme(arguments: &[Value], greatest: bool) -> Result<Range, Fault> {
    let mut ranges = arguments.iter().map(|value| value.range().ok_or(Fault::Type));
    let first = ranges.next().ok_or(Fault::Type)??;
    ranges.try_fold(first, |so_far, one| so_far.choose(one?, greatest))
}

fn sum(values: &[Value]) -> Evaluated {
    let start = Range::point(Exact::ZERO);
    let range = values.iter().try_fold(start, |sum, one| sum.plus(one.range().ok_or(Fault::Type)?))?;
    let all: Vec<&Value> = values.iter().collect();
    Ok(Value { kind: Kind::Number(range), missing: settled(range, &all) })
}

fn up_to(most: &Value) -> Evaluated {
    let high = most.range().ok_or(Fault::Type)?.high;
    let mut missing = most.missing.clone();
    missing.insert(PEOPLE);
    Ok(Value { kind: Kind::Number(Range { low: Some(Exact::ZERO), high }), missing })
}

/// Whether enough of a list hold: certain as soon as enough do, or too few can.
fn at_least(arguments: &[Value]) -> Evaluated {
    let (Some(wanted), Some(list)) = (whole(&arguments[0]), list(&arguments[1])) else {
        return Ok(unknown(&arguments.iter().collect::<Vec<_>>()));
    };
    let yes = list.iter().filter(|one| one.kind == Kind::Bool(true)).count() as i128;
    let open: Vec<&Value> = list.iter().filter(|one| !matches!(one.kind, Kind::Bool(_))).collect();
    Ok(if yes >= wanted {
        Value::bool(true)
    } else if yes + (open.len() as i128) < wanted {
        Value::bool(false)
    } else {
        unknown(&open)
    })
}

/// Functions over a year series up to last year. Without last year's value the answer is unknown; earlier years that
/// the file does not hold count as not existing (a young enterprise), as the measures say "or as many as there are".
fn by_year(function: Function, series: &BTreeMap<i16, Value>, arguments: &[Value], last: i16) -> Evaluated {
    let Some(latest) = series.get(&last) else {
        return Ok(unknown(&arguments.iter().collect::<Vec<_>>()));
    };
    if function == Function::FirstReached {
        let reached = |value: &Value| compare(Comparison::Greater(true), value, &arguments[1]);
        let before = series
            .range(..last)
            .try_fold(Value::bool(false), |before, (_, value)| logic(false, Ok(before), reached(value)))?;
        let never = compare(Comparison::Same(true), &before, &Value::bool(false))?;
        return logic(true, reached(latest), Ok(never));
    }
    let Some(count) = whole(&arguments[1]) else {
        return Ok(unknown(&[&arguments[1]]));
    };
    let first = i128::from(last) - count + 1;
    let years = series.range(..=last).filter(|(year, _)| i128::from(**year) >= first);
    let owned: Vec<Value> = years.map(|(_, value)| value.clone()).collect();
    match function {
        Function::SumLast => sum(&owned),
        Function::MeanLast => {
            let total = sum(&owned)?;
            let range = total.range().ok_or(Fault::Type)?;
            let mean = range.divide(Range::point(Exact::whole(owned.len() as i128)))?;
            Ok(Value { kind: Kind::Number(mean), missing: total.missing })
        }
        _ => {
            let count = i16::try_from(count).map_err(|_| Fault::Overflow)?;
            grown(function, series, (last, count), arguments)
        }
    }
}

/// Growth in each of so many years, or compound growth over them. A year without a value is unknown.
fn grown(
    function: Function,
    series: &BTreeMap<i16, Value>,
    (last, count): (i16, i16),
    arguments: &[Value],
) -> Evaluated {
    let at = |year: i16| series.get(&year).cloned().unwrap_or_else(|| Value::unknown(arguments[0].missing.clone()));
    if function == Function::Grew {
        return (0..count).try_fold(Value::bool(true), |so_far, back| {
            let grew = compare(Comparison::Greater(false), &at(last - back), &at(last - back - 1));
            logic(true, Ok(so_far), grew)
        });
    }
    let factor = arguments[2].range().ok_or(Fault::Type)?.plus(Range::point(Exact::whole(1)))?;
    let base = at(last - count);
    let range = (0..count).try_fold(base.range().ok_or(Fault::Type)?, |so_far, _| so_far.multiply(factor))?;
    let wanted = Value { kind: Kind::Number(range), missing: settled(range, &[&base, &arguments[2]]) };
    compare(Comparison::Greater(true), &at(last), &wanted)
}
