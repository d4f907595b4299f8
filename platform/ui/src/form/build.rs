//! Building forms: short calls, each of which says one thing.

use jinmen_core::{Fault, Money};

use super::{Choice, Field, FieldKind, Form, MoneyUnit, Section};
use crate::words::{Arg, Words};

impl Form {
    /// A form that is sent to `action` with the session's token.
    pub fn post(action: impl Into<String>, token: impl Into<String>, submit: impl Into<String>) -> Self {
        Self { id: "f".into(), action: action.into(), token: token.into(), submit: submit.into(), ..Self::default() }
    }

    /// A search.
    pub fn get(action: impl Into<String>, submit: impl Into<String>) -> Self {
        Self { get: true, ..Self::post(action, "", submit) }
    }

    /// Another beginning for the ids of its fields.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// A part with a heading.
    pub fn section(mut self, title: impl Into<String>, help: impl Into<String>, fields: Vec<Field>) -> Self {
        self.sections.push(Section { title: title.into(), help: help.into(), fields });
        self
    }

    /// A part without heading.
    pub fn fields_only(self, fields: Vec<Field>) -> Self {
        self.section("", "", fields)
    }

    /// Keeps drafts there; `saved` is when one was last kept.
    pub fn draft(mut self, url: impl Into<String>, saved: Option<String>) -> Self {
        self.draft = Some(url.into());
        self.draft_saved = saved;
        self
    }

    /// Another button: what it sends and says.
    pub fn also(mut self, name: impl Into<String>, value: impl Into<String>, label: impl Into<String>) -> Self {
        self.also.push((name.into(), value.into(), label.into()));
        self
    }

    /// A way out.
    pub fn cancel(mut self, href: impl Into<String>) -> Self {
        self.cancel = Some(href.into());
        self
    }

    /// Says what cannot be undone, and asks before.
    pub fn irreversible(mut self, text: impl Into<String>) -> Self {
        self.irreversible = Some(text.into());
        self
    }

    /// Fills in what somebody sent, by field name.
    pub fn fill<'a>(mut self, sent: impl Fn(&str) -> Vec<&'a str>) -> Self {
        for field in self.sections.iter_mut().flat_map(|section| &mut section.fields) {
            field.values = sent(&field.name).into_iter().map(str::to_owned).collect();
        }
        self
    }

    /// Shows what is wrong: a fault at a field beside it, any other above the form. The text of a fault is that of
    /// its message key.
    pub fn faults(mut self, faults: &[Fault], t: &Words) -> Self {
        for fault in faults {
            let args: Vec<(&str, Arg)> =
                fault.args.iter().map(|(name, value)| (name.as_str(), value.as_str().into())).collect();
            let text = t.with(&fault.message_key(), &args);
            self.blame(fault.field.as_deref(), text);
        }
        self
    }

    /// Adds a message to a field, or to the whole form where there is no such field.
    pub fn blame(&mut self, field: Option<&str>, text: String) {
        let found = self
            .sections
            .iter_mut()
            .flat_map(|section| &mut section.fields)
            .find(|one| Some(one.name.as_str()) == field);
        match found {
            Some(field) => field.errors.push(text),
            None => self.errors.push(text),
        }
    }
}

impl Field {
    /// A question of any kind.
    pub fn new(kind: FieldKind, name: impl Into<String>, label: impl Into<String>) -> Self {
        Self { kind, name: name.into(), label: label.into(), ..Self::default() }
    }

    /// One line of text.
    pub fn text(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(FieldKind::Text, name, label)
    }

    /// Several lines of text.
    pub fn text_area(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(FieldKind::TextArea, name, label)
    }

    /// A whole number.
    pub fn integer(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(FieldKind::Integer, name, label)
    }

    /// A number that may have decimal places.
    pub fn decimal(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(FieldKind::Decimal, name, label)
    }

    /// An amount, asked in the unit.
    pub fn money(name: impl Into<String>, label: impl Into<String>, unit: MoneyUnit) -> Self {
        Self::new(FieldKind::Money(unit), name, label)
    }

    /// A day.
    pub fn date(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(FieldKind::Date, name, label)
    }

    /// One of many.
    pub fn select(name: impl Into<String>, label: impl Into<String>, options: Vec<Choice>) -> Self {
        Self { options, ..Self::new(FieldKind::Select, name, label) }
    }

    /// One of few.
    pub fn radio(name: impl Into<String>, label: impl Into<String>, options: Vec<Choice>) -> Self {
        Self { options, ..Self::new(FieldKind::Radio, name, label) }
    }

    /// Any of some.
    pub fn checkboxes(name: impl Into<String>, label: impl Into<String>, options: Vec<Choice>) -> Self {
        Self { options, ..Self::new(FieldKind::CheckboxGroup, name, label) }
    }

    /// Yes or no.
    pub fn checkbox(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(FieldKind::Checkbox, name, label)
    }

    /// An entry of a code list.
    pub fn code(name: impl Into<String>, label: impl Into<String>, list: impl Into<String>) -> Self {
        Self::new(FieldKind::Code { list: list.into() }, name, label)
    }

    /// A file.
    pub fn file(name: impl Into<String>, label: impl Into<String>, accept: impl Into<String>) -> Self {
        Self::new(FieldKind::File { accept: accept.into(), camera: false }, name, label)
    }

    /// A value that is sent along.
    pub fn hidden(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self::new(FieldKind::Hidden, name, "").value(value)
    }

    /// It must be answered.
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// What one should know.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = text.into();
        self
    }

    /// The answer so far.
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.values = vec![value.into()];
        self
    }

    /// The answers so far.
    pub fn values(mut self, values: Vec<String>) -> Self {
        self.values = values;
        self
    }

    /// The amount so far, in the unit of the field.
    pub fn amount(self, money: Money, t: &Words) -> Self {
        let value = match self.kind {
            FieldKind::Money(MoneyUnit::Wan) => money.to_wan_string(),
            _ => money.to_yuan_string(),
        };
        self.value(value).note(t.money_words(money))
    }

    /// A note below the answer.
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.note = text.into();
        self
    }

    /// The longest answer.
    pub fn max_length(mut self, characters: u32) -> Self {
        self.max_length = Some(characters);
        self
    }

    /// The browser's hint.
    pub fn autocomplete(mut self, hint: impl Into<String>) -> Self {
        self.autocomplete = Some(hint.into());
        self
    }

    /// Kept encrypted, shown masked.
    pub fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// Shown, not to be changed.
    pub fn readonly(mut self) -> Self {
        self.readonly = true;
        self
    }

    /// Half the width on wide screens.
    pub fn half(mut self) -> Self {
        self.half = true;
        self
    }

    /// Which of several questions sent under one name this is, from 0.
    pub fn nth(mut self, nth: usize) -> Self {
        self.nth = nth;
        self
    }

    /// Something that is wrong.
    pub fn error(mut self, text: impl Into<String>) -> Self {
        self.errors.push(text.into());
        self
    }
}

impl Choice {
    /// Something that may be chosen.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), help: String::new() }
    }

    /// What one should know about it.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = text.into();
        self
    }
}
