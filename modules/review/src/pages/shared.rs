//! What several pages of judging are made of.

use askama::Template;
use axum::http::StatusCode;
use jinmen_core::Error;
use module::Failure;
use ui::{Alert, Badge, Html, Tone, Words};

use crate::model::{EntryState, RoundState, SeatState};

/// Fields as they are sent, several of one name among them.
pub(super) type Sent = Vec<(String, String)>;

/// The first value of a field; nothing where it was not sent.
pub(super) fn given(sent: &Sent, name: &str) -> String {
    sent.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default()
}

/// Every value of a field.
pub(super) fn all_given(sent: &Sent, name: &str) -> Vec<String> {
    sent.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect()
}

/// Parts one below the other.
#[derive(Template)]
#[template(source = "<div class=\"jm-stack\">{% for part in parts %}{{ part }}{% endfor %}</div>", ext = "html")]
struct Stack {
    parts: Vec<Html>,
}

/// Parts one below the other.
pub(super) fn stack(parts: Vec<Html>) -> Html {
    Html::of(&Stack { parts })
}

#[derive(Template)]
#[template(source = "<div class=\"jm-actions\">{% for part in parts %}{{ part }}{% endfor %}</div>", ext = "html")]
struct Actions {
    parts: Vec<Html>,
}

/// Parts side by side.
pub(super) fn actions(parts: Vec<Html>) -> Html {
    Html::of(&Actions { parts })
}

#[derive(Template)]
#[template(
    source = "<details class=\"mb-3\"><summary class=\"btn\">{{ label }}</summary><div class=\"mt-3\">{{ body }}</div></details>",
    ext = "html"
)]
struct Folded {
    label: String,
    body: Html,
}

/// Something that is seldom wanted.
pub(super) fn folded(label: String, body: Html) -> Html {
    Html::of(&Folded { label, body })
}

#[derive(Template)]
#[template(source = "{% for line in lines %}<p>{{ line }}</p>{% endfor %}", ext = "html")]
struct Lines<'a> {
    lines: Vec<&'a str>,
}

/// A text of several paragraphs.
pub(super) fn paragraphs(text: &str) -> Html {
    Html::of(&Lines { lines: text.lines().filter(|line| !line.trim().is_empty()).collect() })
}

#[derive(Template)]
#[template(source = "<h3>{{ title }}</h3>{{ body }}", ext = "html")]
struct Titled {
    title: String,
    body: Html,
}

/// A part of a panel under a heading of its own.
pub(super) fn titled(title: String, body: Html) -> Html {
    Html::of(&Titled { title, body })
}

/// Where a round stands.
pub(super) fn round_state(t: &Words, state: RoundState) -> Badge {
    let tone = match state {
        RoundState::Draft => Tone::Neutral,
        RoundState::Open => Tone::Info,
        RoundState::Closed => Tone::Warning,
        RoundState::Confirmed => Tone::Good,
    };
    Badge::new(tone, t.of(&state.message_key()))
}

/// Where a seat stands.
pub(super) fn seat_state(t: &Words, state: SeatState) -> Badge {
    let tone = match state {
        SeatState::Chosen | SeatState::Removed => Tone::Neutral,
        SeatState::Invited => Tone::Warning,
        SeatState::Accepted => Tone::Good,
        SeatState::Declined => Tone::Bad,
    };
    Badge::new(tone, t.of(&state.message_key()))
}

/// Where an entry stands.
pub(super) fn entry_state(t: &Words, state: EntryState) -> Badge {
    let tone = match state {
        EntryState::Waiting | EntryState::Absent => Tone::Neutral,
        EntryState::Stage | EntryState::Scored => Tone::Info,
        EntryState::Tallied => Tone::Warning,
        EntryState::Confirmed => Tone::Good,
    };
    Badge::new(tone, t.of(&state.message_key()))
}

/// What stands against what was wanted, for the page that shows it again.
pub(super) fn refusal(t: &Words, error: Error) -> Result<(StatusCode, Alert), Failure> {
    let (status, fault) = match error {
        Error::Conflict(fault) => (StatusCode::CONFLICT, Some(fault)),
        Error::Invalid(faults) => (StatusCode::UNPROCESSABLE_ENTITY, faults.into_iter().next()),
        Error::Stale => (StatusCode::PRECONDITION_FAILED, None),
        other => return Err(Failure(other)),
    };
    let text = fault.map_or_else(|| t.of("problem-core-stale-detail"), |fault| module::sentence(t, &fault));
    Ok((status, Alert::new(Tone::Bad, text)))
}
