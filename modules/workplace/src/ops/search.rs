//! The one search field: every module looks among what the visitor may see.

use jinmen_core::Result;
use module::{App, Found, Visit};

use super::home::open_only;

/// Longer questions are cut.
const LONGEST: usize = 100;

/// What one kind of thing has.
pub struct Group {
    /// The kind, a message key.
    pub kind_key: String,
    /// What was found.
    pub found: Vec<Found>,
}

/// Looks for what was typed; for nothing where nothing was.
pub async fn search(app: &App, visit: &Visit, typed: &str) -> Result<Vec<Group>> {
    let typed = cleaned(typed);
    let mut groups: Vec<Group> = Vec::new();
    if typed.is_empty() {
        return Ok(groups);
    }
    for module in &app.modules {
        for found in open_only(module.search(app, visit, &typed).await)? {
            match groups.iter_mut().find(|group| group.kind_key == found.kind_key) {
                Some(group) => group.found.push(found),
                None => groups.push(Group { kind_key: found.kind_key.clone(), found: vec![found] }),
            }
        }
    }
    Ok(groups)
}

/// What was typed without what no name contains.
pub fn cleaned(typed: &str) -> String {
    let text: String = typed.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    text.trim().to_owned()
}
