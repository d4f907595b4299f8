//! What an answer of rules says, for people: an outcome and an amount; the proof is drawn as the registry draws it.

use askama::Template;
use jinmen_core::Money;
use ui::{Badge, Html, Tile, Tone, Words};

use crate::ops::mine::Standing;

pub(super) use registry::proof::{distance, proof, value};

/// How a clause stands, as a badge.
pub(super) fn badge(t: &Words, standing: Standing) -> Badge {
    let (tone, key) = match standing {
        Standing::Eligible => (Tone::Good, "policy-standing-eligible"),
        Standing::NeedsPeople => (Tone::Info, "policy-standing-people"),
        Standing::Nearly => (Tone::Warning, "policy-standing-nearly"),
        Standing::Asks => (Tone::Info, "policy-standing-asks"),
        Standing::Not => (Tone::Neutral, "policy-standing-not"),
    };
    Badge::new(tone, t.of(key))
}

/// Fen in words, where they fit money.
pub(super) fn fen(t: &Words, fen: i64) -> String {
    t.money(Money::from_fen(fen))
}

/// A great sum in words.
pub(super) fn sum(t: &Words, fen: i128) -> String {
    i64::try_from(fen).map_or_else(|_| "—".to_owned(), |small| t.money(Money::from_fen(small)))
}

/// Whole yuan without the two noughts behind them, where there is little room.
pub(super) fn whole(figure: &str) -> &str {
    figure.strip_suffix(".00").unwrap_or(figure)
}

/// A figure on a tile: what stands behind a number, or before it as a currency does, is its unit.
pub(super) fn tile(label: String, figure: &str) -> Tile {
    let (value, unit) = match figure.rsplit_once(' ') {
        Some((unit, value)) if value.starts_with(|letter: char| letter.is_ascii_digit()) => {
            let sign = unit.get(..unit.len() - unit.trim_start_matches(['+', '−']).len()).unwrap_or("");
            (format!("{sign}{}", whole(value)), &unit[sign.len()..])
        }
        Some((value, unit)) => (value.to_owned(), unit),
        None => (figure.to_owned(), ""),
    };
    Tile { label, value, unit: unit.to_owned(), ..Tile::default() }
}

/// An amount between bounds.
pub(super) fn amount(t: &Words, low: i64, high: Option<i64>) -> String {
    match high {
        Some(high) if high == low => fen(t, low),
        Some(high) if low == 0 => t.with("policy-up-to", &[("most", fen(t, high).into())]),
        Some(high) => t.with("policy-between", &[("least", fen(t, low).into()), ("most", fen(t, high).into())]),
        None if low > 0 => t.with("policy-at-least", &[("least", fen(t, low).into())]),
        None => t.of("policy-amount-open"),
    }
}

#[derive(Template)]
#[template(source = "<p>{{ badge.show() }} <strong>{{ amount }}</strong></p>{{ body }}", ext = "html")]
struct Headed<'a> {
    badge: Badge,
    amount: &'a str,
    body: &'a Html,
}

/// A standing with its amount above what it rests on.
pub(super) fn headed(t: &Words, standing: Standing, amount: &str, body: &Html) -> Html {
    Html::of(&Headed { badge: badge(t, standing), amount, body })
}
