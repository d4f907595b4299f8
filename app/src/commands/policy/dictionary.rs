//! The registry's dictionary as policies see it.

use registry::dictionary::{FactType, Field, dictionary};
use rules::Declared;

/// How a fact of an organisation is declared in the words of the policy language.
pub fn declared(key: &str) -> Option<Declared> {
    let found = dictionary().of_subject("organization").find(|found| found.key == key)?;
    let (kind, unit) = kind(found.kind);
    let fields = found.fields.iter().map(|field| (field.name.clone(), of_field(field))).collect();
    Some(Declared {
        kind: kind.to_owned(),
        unit,
        series: found.by_year,
        list: found.kind == FactType::Records,
        fields,
        label: [found.label(jinmen_core::Locale::ZhCn).to_owned(), found.label(jinmen_core::Locale::En).to_owned()],
    })
}

fn of_field(field: &Field) -> Declared {
    let (kind, unit) = kind(field.kind);
    Declared { kind: kind.to_owned(), unit, ..Declared::default() }
}

/// The type, and for money the unit; the dictionary counts money in yuan.
fn kind(kind: FactType) -> (&'static str, Option<String>) {
    match kind {
        FactType::Money => ("money", Some("yuan".to_owned())),
        FactType::Integer => ("int", None),
        FactType::Ratio => ("ratio", None),
        FactType::Date => ("date", None),
        FactType::Boolean => ("bool", None),
        FactType::Code | FactType::Text => ("text", None),
        FactType::Records => ("record", None),
    }
}

/// The keys, as JSON writes a list without its brackets.
pub fn keys() -> String {
    let keys = dictionary().of_subject("organization").map(|found| format!("\"{}\"", found.key));
    keys.collect::<Vec<_>>().join(", ")
}
