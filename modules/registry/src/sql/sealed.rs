//! Where this module keeps sealed values, for when the master key changes.

use access::{Resealing, SealedColumn};
use jinmen_core::{Error, Result};
use serde_json::Value;
use store::{Tx, args};

use super::merge_person::{bytes, hex};

const SEALED: &[SealedColumn] = &[
    SealedColumn {
        list: "SELECT id, CAST('resident_id' AS TEXT), resident_sealed FROM person WHERE resident_sealed IS NOT NULL",
        set: "UPDATE person SET resident_sealed = $2, resident_blind = $3 WHERE id = $1",
        blind: true,
    },
    SealedColumn {
        list: "SELECT id, 'contact.' || kind, sealed FROM contact_point WHERE sealed IS NOT NULL",
        set: "UPDATE contact_point SET sealed = $2, blind = $3 WHERE id = $1",
        blind: true,
    },
    SealedColumn {
        list: "SELECT id, CAST('claim_letter' AS TEXT), code_sealed FROM claim_letter",
        set: "UPDATE claim_letter SET code_sealed = $2 WHERE id = $1",
        blind: false,
    },
];

/// Seals all of it again; how many values.
pub(crate) async fn again(tx: &mut Tx, again: &Resealing) -> Result<u64> {
    let mut count = again.columns(tx, SEALED).await?;
    // What two files said before they were joined is kept, so that joining can be undone.
    let rows: Vec<(String, Value)> = tx.list("SELECT id, moved FROM person_merge", args![]).await?;
    for (id, mut moved) in rows {
        let changed = inside(&mut moved, again)?;
        if changed > 0 {
            tx.run("UPDATE person_merge SET moved = $2 WHERE id = $1", args![id, moved]).await?;
            count += changed;
        }
    }
    Ok(count)
}

/// Identity numbers anywhere in a value, each beside its index.
fn inside(value: &mut Value, again: &Resealing) -> Result<u64> {
    let mut count = 0;
    match value {
        Value::Object(fields) => {
            if let Some(sealed) = fields.get("resident_sealed").and_then(Value::as_str) {
                let sealed = again.value("resident_id", &bytes(sealed))?;
                fields.insert("resident_sealed".into(), hex(&sealed.bytes).into());
                fields.insert("resident_blind".into(), sealed.blind.into());
                count += 1;
            }
            for (_, field) in fields.iter_mut() {
                count += inside(field, again)?;
            }
        }
        Value::Array(items) => {
            for item in items {
                count += inside(item, again)?;
            }
        }
        _ => {}
    }
    Ok::<u64, Error>(count)
}
