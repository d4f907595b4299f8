//! What was kept as a key with values, in the reader's words.

use jinmen_core::{Date, Text2, codes};
use serde_json::Value;
use ui::{Arg, Tone, Words};

/// A message with the values of a JSON object; a key that the reader's language lacks is said by
/// `otherwise`.
pub fn message(t: &Words, key: &str, values: &Value, otherwise: &str) -> String {
    if !t.has(key) {
        return otherwise.to_owned();
    }
    let values: Vec<(&str, Arg)> =
        values.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), argument(t, value))).collect();
    t.with(key, &values)
}

fn argument(t: &Words, value: &Value) -> Arg {
    match value {
        Value::String(text) => text.as_str().into(),
        Value::Number(number) => number.as_i64().map_or_else(|| number.to_string().into(), Arg::from),
        Value::Bool(flag) => t.of(if *flag { "ui-yes" } else { "ui-no" }).into(),
        Value::Null => "".into(),
        Value::Array(list) => {
            list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(&t.of("work-list-comma")).into()
        }
        object => match serde_json::from_value::<Text2>(object.clone()) {
            Ok(text) => t.text(&text).into(),
            Err(_) => object.to_string().into(),
        },
    }
}

/// When something is due, as one says it.
pub fn due(t: &Words, today: Date, day: Option<Date>) -> (Tone, String) {
    let Some(day) = day else {
        return (Tone::Neutral, t.of("work-due-none"));
    };
    match today.days_until(day) {
        late @ ..0 => (Tone::Bad, t.with("work-due-late", &[("days", (-late).into())])),
        0 => (Tone::Warning, t.of("work-due-today")),
        1 => (Tone::Warning, t.of("work-due-tomorrow")),
        near @ 2..=14 => (Tone::Info, t.with("work-due-in", &[("days", near.into())])),
        _ => (Tone::Neutral, t.with("work-due-on", &[("date", t.date(day).into())])),
    }
}

/// A greeting for today: the date, the day of the week, and whether offices work.
pub fn today(t: &Words, calendar: &codes::Calendar, today: Date) -> String {
    let weekday = t.of(&format!("work-weekday-{}", today.weekday()));
    let date = t.with("work-today", &[("date", t.date(today).into()), ("weekday", weekday.into())]);
    let Ok(answer) = calendar.is_working_day(today) else {
        return date;
    };
    let kind = t.of(if answer.working { "work-today-working" } else { "work-today-off" });
    let special = calendar.special(today).filter(|_| t.is_chinese());
    let mut text = t.with("work-today-full", &[("today", date.into()), ("kind", kind.into())]);
    if let Some(special) = special {
        text = t.with("work-today-special", &[("text", text.into()), ("name", special.name_zh.as_str().into())]);
    }
    if answer.provisional {
        text = t.with("work-today-provisional", &[("text", text.into()), ("year", today.year().to_string().into())]);
    }
    text
}

/// The name of a kind of work: the locales' `{module}-job-{what}`, or the bare code.
pub fn job_kind(t: &Words, kind: &str) -> String {
    let (owner, what) = kind.split_once('.').unwrap_or(("work", kind));
    let what = what.replace(['.', '_'], "-");
    let keys = [format!("{owner}-job-{what}"), format!("work-job-{owner}-{what}")];
    keys.iter().find(|key| t.has(key)).map_or_else(|| kind.to_owned(), |key| t.of(key))
}
