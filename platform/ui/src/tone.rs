//! How something is meant: the colour and the icon of badges, messages and moments.

/// What a coloured thing wants to say. The colour always comes with a text and, where there is room, an icon.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Tone {
    /// Nothing in particular: drafts, closed things.
    #[default]
    Neutral,
    /// Under way, to be noted.
    Info,
    /// Done, in force, eligible.
    Good,
    /// Soon due, incomplete.
    Warning,
    /// Refused, overdue, wrong.
    Bad,
}

impl Tone {
    /// The last part of class names: `jm-badge-good`.
    pub fn class(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Good => "good",
            Self::Warning => "warning",
            Self::Bad => "bad",
        }
    }

    /// The icon that goes with it.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Neutral | Self::Info => "info-circle",
            Self::Good => "circle-check",
            Self::Warning => "alert-triangle",
            Self::Bad => "alert-circle",
        }
    }

    /// Bad news interrupts a screen reader; the rest waits.
    pub fn role(self) -> &'static str {
        match self {
            Self::Bad => "alert",
            _ => "status",
        }
    }
}
