//! Saved views: filters under a name.

use jinmen_core::{Result, id};

use super::{OrganizationFilter, required};

id!(
    /// A saved view.
    ViewId
);
store::arg_id!(ViewId);

/// The longest name.
const NAME_MOST: usize = 40;

/// A filter of the list of organisations under a name, shared by an office.
#[derive(Clone, Debug)]
pub struct SavedView {
    /// Its identifier.
    pub id: ViewId,
    /// What the office calls it.
    pub name: String,
    /// The filter's fields.
    pub filter: serde_json::Map<String, serde_json::Value>,
}

impl SavedView {
    /// A view from what was typed; fields that are empty are left out.
    ///
    /// # Errors
    /// A fault at `name`.
    pub fn new(name: &str, pairs: &[(String, String)]) -> Result<Self> {
        let name = required("name", name, NAME_MOST)?;
        let kept = pairs.iter().filter(|(_, value)| !value.trim().is_empty());
        let filter = kept.map(|(field, value)| (field.clone(), value.clone().into())).collect();
        Ok(Self { id: ViewId::new(), name, filter })
    }

    /// The filter it stands for; fields that no filter has any more are passed over.
    pub fn organizations(&self) -> OrganizationFilter {
        serde_json::from_value(serde_json::Value::Object(self.filter.clone())).unwrap_or_default()
    }

    /// Its fields, for an address.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        self.filter.iter().map(|(field, value)| (field.clone(), text(value))).collect()
    }
}
