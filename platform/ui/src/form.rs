//! Forms: what is asked, drawn by one template so that every form looks and behaves alike.

mod build;
mod view;

use crate::html::Html;
use crate::words::Words;

/// A whole form.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Begins every `id` in the form; set it when a page has two.
    pub id: String,
    /// Where it is sent.
    pub action: String,
    /// Sent as a query (searches) instead of a body.
    pub get: bool,
    /// The session's token; with it, sending twice does the thing once.
    pub token: String,
    /// Where drafts are kept, for forms that take more than a minute.
    pub draft: Option<String>,
    /// When the draft was last kept (`14:03`), if it was.
    pub draft_saved: Option<String>,
    /// Questions that others hang on: when one of them is answered, a script sends the form to the button that stays
    /// (`then=stay`), so that what hangs on it appears.
    pub refresh: Vec<String>,
    /// Its first two parts stand beside each other on wide screens: the fields of one name in the first part, and the text
    /// field of the second that describes each of them from a line `- id: …` on, so that what belongs together is marked.
    pub beside: Option<(&'static str, &'static str)>,
    /// Its parts.
    pub sections: Vec<Section>,
    /// What the button says.
    pub submit: String,
    /// Another form of the page is the first choice: this one's button does not stand out.
    pub quiet: bool,
    /// A form that is only a button is the one thing to do here, and looks like it.
    pub strong: bool,
    /// Further buttons: name, value, label (`("then", "preview", "预览")`).
    pub also: Vec<(String, String, String)>,
    /// Where one goes instead.
    pub cancel: Option<String>,
    /// It carries files; set by itself when a field does.
    pub multipart: bool,
    /// What cannot be undone once it is sent.
    pub irreversible: Option<String>,
    /// What is wrong with the whole rather than with a field.
    pub errors: Vec<String>,
}

/// A part of a form.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// Its heading; empty for none.
    pub title: String,
    /// What one should know.
    pub help: String,
    /// Its questions.
    pub fields: Vec<Field>,
}

/// One question.
#[derive(Clone, Debug, Default)]
pub struct Field {
    /// The name it is sent under.
    pub name: String,
    /// What it asks.
    pub label: String,
    /// How it is answered.
    pub kind: FieldKind,
    /// The answers so far, as typed.
    pub values: Vec<String>,
    /// It must be answered.
    pub required: bool,
    /// What one should know, below the label.
    pub help: String,
    /// What is wrong with the answer.
    pub errors: Vec<String>,
    /// What may be chosen.
    pub options: Vec<Choice>,
    /// The longest answer, in characters.
    pub max_length: Option<u32>,
    /// The browser's hint (`name`, `tel`, `one-time-code` …).
    pub autocomplete: Option<String>,
    /// Kept encrypted and shown masked; said to people, and kept out of drafts.
    pub sensitive: bool,
    /// Shown but not to be changed (it comes from a verified source).
    pub readonly: bool,
    /// Half the width on wide screens.
    pub half: bool,
    /// A note below the answer: where a value came from, the amount in words.
    pub note: String,
    /// Which of several questions sent under one name this is, from 0: those after the first have ids of their own.
    pub nth: usize,
}

/// How a question is answered.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum FieldKind {
    /// One line.
    #[default]
    Text,
    /// Several lines.
    TextArea,
    /// An address for mail.
    Email,
    /// A telephone number.
    Telephone,
    /// A secret.
    Password,
    /// A whole number.
    Integer,
    /// A number that may have decimal places.
    Decimal,
    /// An amount.
    Money(MoneyUnit),
    /// A share in percent.
    Ratio,
    /// A day.
    Date,
    /// One of many, folded.
    Select,
    /// One of few, all visible.
    Radio,
    /// Yes or no; sends `yes`.
    Checkbox,
    /// Any of some.
    CheckboxGroup,
    /// An entry of a public code list; sends `code label` or what was typed, see [`code_of`].
    Code {
        /// The list's name under `/api/v1/code-lists/`.
        list: String,
    },
    /// A file.
    File {
        /// Accepted types (`.pdf,image/*`).
        accept: String,
        /// Offer the camera of a phone.
        camera: bool,
    },
    /// Not shown.
    Hidden,
    /// A search.
    Search,
}

/// The unit in which an amount is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum MoneyUnit {
    /// 元.
    #[default]
    Yuan,
    /// 万元.
    Wan,
}

/// Something that may be chosen.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// What one should know.
    pub help: String,
}

/// The code in the answer of a [`FieldKind::Code`] field: `6510 软件开发` and `6510` both mean `6510`.
pub fn code_of(answer: &str) -> &str {
    answer.split_whitespace().next().unwrap_or_default()
}

impl Form {
    /// Draws the form.
    pub fn show(&self, t: &Words) -> Html {
        view::form(self, t)
    }

    /// Whether anything is wrong.
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty() || self.fields().any(|field| !field.errors.is_empty())
    }

    /// All questions.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.sections.iter().flat_map(|section| &section.fields)
    }
}

impl Field {
    /// Draws the question alone, for filters and forms that lay out their own.
    pub fn show(&self, t: &Words) -> Html {
        view::field(self, "f", t)
    }
}
