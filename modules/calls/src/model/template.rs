//! Ready calls: ten kinds, each with its texts, stages and form, as data.

use std::sync::LazyLock;

use jinmen_core::Text2;
use serde::Deserialize;
use serde_json::Value;

use super::{CallKind, Setup};

/// A ready call.
#[derive(Clone, Debug, Deserialize)]
pub struct Template {
    /// Its name in addresses.
    pub key: String,
    /// What is called for.
    pub kind: CallKind,
    /// What the call is called at first.
    pub title: Text2,
    /// When one takes it.
    pub note: Text2,
    /// What is decided about it at first.
    pub setup: Setup,
    /// Its form.
    pub schema: Value,
}

const SOURCES: [&str; 10] = [
    include_str!("../../data/templates/membership.json"),
    include_str!("../../data/templates/competition.json"),
    include_str!("../../data/templates/subsidy.json"),
    include_str!("../../data/templates/space.json"),
    include_str!("../../data/templates/course.json"),
    include_str!("../../data/templates/need.json"),
    include_str!("../../data/templates/project.json"),
    include_str!("../../data/templates/talent.json"),
    include_str!("../../data/templates/honour.json"),
    include_str!("../../data/templates/plain.json"),
];

static TEMPLATES: LazyLock<Vec<Template>> =
    LazyLock::new(|| SOURCES.iter().filter_map(|source| serde_json::from_str(source).ok()).collect());

/// The ready calls, in the order of the page that offers them.
pub fn templates() -> &'static [Template] {
    &TEMPLATES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Form;
    use jinmen_core::Role;

    #[test]
    fn every_template_can_be_read_and_its_form_and_stages_are_sound() {
        for source in SOURCES {
            let read: Result<Template, _> = serde_json::from_str(source);
            let template = read.unwrap_or_else(|error| panic!("{error}: {}", &source[..80]));
            Form::load(&template.schema).unwrap_or_else(|error| panic!("{}: {error:?}", template.key));
            template.setup.check(Role::Secretariat).unwrap_or_else(|error| panic!("{}: {error:?}", template.key));
            if !template.setup.rule.is_empty() {
                registry::ops::decide::load(&template.setup.rule).unwrap_or_else(|found| panic!("{found:?}"));
            }
            assert!(template.title.en.is_some() && template.note.en.is_some(), "{}", template.key);
        }
        assert_eq!(templates().len(), 10);
    }
}
