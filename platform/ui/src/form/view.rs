//! Drawing forms.

use askama::Template;

use super::{Field, FieldKind, Form, MoneyUnit};
use crate::html::Html;
use crate::words::Words;

/// Draws a form.
pub(super) fn form(form: &Form, t: &Words) -> Html {
    let multipart = form.multipart || form.fields().any(|field| matches!(field.kind, FieldKind::File { .. }));
    let sections = form.sections.iter().map(|section| SectionView {
        title: &section.title,
        help: &section.help,
        fields: fields(form, &section.fields, t),
    });
    let asks = form.fields().filter(|field| field.required).count() > 1;
    let bare = form.fields().all(|field| matches!(field.kind, FieldKind::Hidden));
    Html::of(&FormView { t, form, multipart, asks, bare, summary: summary(form), sections: sections.collect() })
}

/// Draws one field.
pub(super) fn field(field: &Field, form_id: &str, t: &Words) -> Html {
    let id = id(form_id, field);
    let note = field.note.as_str();
    Html::of(&FieldView { t, field, control: control(field, &id, t), described: described(field, &id), note, id })
}

fn fields(form: &Form, fields: &[Field], t: &Words) -> Vec<Html> {
    fields.iter().map(|one| field(one, &form.id, t)).collect()
}

/// What the summary says: each error once, with the place it leads to.
fn summary(form: &Form) -> Vec<Problem<'_>> {
    let whole = form.errors.iter().map(|text| Problem { text, label: "", href: String::new() });
    let each = form.fields().flat_map(|field| {
        let href = format!("#{}", target(field, &id(&form.id, field)));
        field.errors.iter().map(move |text| Problem { text, label: &field.label, href: href.clone() })
    });
    whole.chain(each).collect()
}

/// The id of a field, made of letters that are safe in selectors and addresses.
fn id(form_id: &str, field: &Field) -> String {
    let name: String = field.name.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '-' }).collect();
    let form_id = if form_id.is_empty() { "f" } else { form_id };
    if field.nth == 0 { format!("{form_id}-{name}") } else { format!("{form_id}-{name}--{}", field.nth) }
}

/// Where a link to the field leads: its control, or the first of several.
fn target(field: &Field, id: &str) -> String {
    if is_group(field) && !field.options.is_empty() { format!("{id}-0") } else { id.to_owned() }
}

fn is_group(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Radio | FieldKind::CheckboxGroup)
}

/// The ids of what explains the control.
fn described(field: &Field, id: &str) -> String {
    let mut parts = Vec::new();
    if !field.help.is_empty() || field.sensitive || matches!(field.kind, FieldKind::File { .. }) {
        parts.push(format!("{id}-help"));
    }
    if !field.errors.is_empty() {
        parts.push(format!("{id}-error"));
    }
    if !field.note.is_empty() || matches!(field.kind, FieldKind::Money(_)) {
        parts.push(format!("{id}-note"));
    }
    parts.join(" ")
}

fn control(field: &Field, id: &str, t: &Words) -> Html {
    let described = described(field, id);
    let value = field.values.first().map_or("", String::as_str);
    match &field.kind {
        FieldKind::TextArea => Html::of(&TextAreaView { field, id, described, value }),
        FieldKind::Select => Html::of(&SelectView { t, field, id, described }),
        FieldKind::Radio | FieldKind::CheckboxGroup | FieldKind::Checkbox => {
            Html::of(&ChoicesView { field, id, described })
        }
        FieldKind::File { accept, camera } => Html::of(&FileView { t, field, id, described, accept, camera: *camera }),
        _ => Html::of(&InputView { t, field, id, described, value }),
    }
}

struct Problem<'a> {
    text: &'a str,
    label: &'a str,
    href: String,
}

struct SectionView<'a> {
    title: &'a str,
    help: &'a str,
    fields: Vec<Html>,
}

#[derive(Template)]
#[template(path = "form/form.html")]
struct FormView<'a> {
    t: &'a Words,
    form: &'a Form,
    multipart: bool,
    asks: bool,
    bare: bool,
    summary: Vec<Problem<'a>>,
    sections: Vec<SectionView<'a>>,
}

#[derive(Template)]
#[template(path = "form/field.html")]
struct FieldView<'a> {
    t: &'a Words,
    field: &'a Field,
    control: Html,
    described: String,
    note: &'a str,
    id: String,
}

impl FieldView<'_> {
    fn hidden(&self) -> bool {
        self.field.kind == FieldKind::Hidden
    }

    fn group(&self) -> bool {
        is_group(self.field)
    }

    fn checkbox(&self) -> bool {
        self.field.kind == FieldKind::Checkbox
    }

    fn file(&self) -> bool {
        matches!(self.field.kind, FieldKind::File { .. })
    }

    fn money(&self) -> bool {
        matches!(self.field.kind, FieldKind::Money(_))
    }

    fn has_help(&self) -> bool {
        !self.field.help.is_empty() || self.field.sensitive || self.file()
    }
}

#[derive(Template)]
#[template(path = "form/input.html")]
struct InputView<'a> {
    t: &'a Words,
    field: &'a Field,
    id: &'a str,
    described: String,
    value: &'a str,
}

impl InputView<'_> {
    fn kind(&self) -> &'static str {
        match self.field.kind {
            FieldKind::Email => "email",
            FieldKind::Telephone => "tel",
            FieldKind::Password => "password",
            FieldKind::Date => "date",
            FieldKind::Search => "search",
            FieldKind::Hidden => "hidden",
            _ => "text",
        }
    }

    /// Which keyboard a phone shows. `type=number` is avoided: it drops what it does not understand.
    fn keyboard(&self) -> &'static str {
        match self.field.kind {
            FieldKind::Integer => "numeric",
            FieldKind::Decimal | FieldKind::Money(_) | FieldKind::Ratio => "decimal",
            _ => "",
        }
    }

    fn list(&self) -> &str {
        match &self.field.kind {
            FieldKind::Code { list } => list,
            _ => "",
        }
    }

    /// The unit as the script knows it, whatever the language.
    fn money(&self) -> &'static str {
        match self.field.kind {
            FieldKind::Money(MoneyUnit::Yuan) => "元",
            FieldKind::Money(MoneyUnit::Wan) => "万元",
            _ => "",
        }
    }

    fn unit(&self) -> String {
        match self.field.kind {
            FieldKind::Money(MoneyUnit::Yuan) => self.t.of("ui-unit-yuan"),
            FieldKind::Money(MoneyUnit::Wan) => self.t.of("ui-unit-wan"),
            FieldKind::Ratio => "%".to_owned(),
            _ => String::new(),
        }
    }

    /// A password is never sent back to the page.
    fn shown(&self) -> &str {
        if self.field.kind == FieldKind::Password { "" } else { self.value }
    }
}

#[derive(Template)]
#[template(path = "form/text-area.html")]
struct TextAreaView<'a> {
    field: &'a Field,
    id: &'a str,
    described: String,
    value: &'a str,
}

#[derive(Template)]
#[template(path = "form/select.html")]
struct SelectView<'a> {
    t: &'a Words,
    field: &'a Field,
    id: &'a str,
    described: String,
}

#[derive(Template)]
#[template(path = "form/choices.html")]
struct ChoicesView<'a> {
    field: &'a Field,
    id: &'a str,
    described: String,
}

impl ChoicesView<'_> {
    fn kind(&self) -> &'static str {
        if self.field.kind == FieldKind::Radio { "radio" } else { "checkbox" }
    }

    fn single(&self) -> bool {
        self.field.kind == FieldKind::Checkbox
    }

    fn chosen(&self, value: &str) -> bool {
        self.field.values.iter().any(|one| one == value)
    }
}

#[derive(Template)]
#[template(path = "form/file.html")]
struct FileView<'a> {
    t: &'a Words,
    field: &'a Field,
    id: &'a str,
    described: String,
    accept: &'a str,
    camera: bool,
}
