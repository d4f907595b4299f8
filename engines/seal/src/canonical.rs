//! The canonical form of a JSON value: RFC 8785 restricted to integers, so that equal values have
//! equal bytes on every machine and for ever.

use serde_json::Value;

/// Why a value has no canonical form here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotInteger(pub String);

impl std::fmt::Display for NotInteger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the record keeps integers only, not {}", self.0)
    }
}

impl std::error::Error for NotInteger {}

/// The canonical text. Keys are sorted by UTF-16 code units, as RFC 8785 says.
pub fn encode(value: &Value) -> Result<String, NotInteger> {
    let mut out = String::new();
    write(value, &mut out)?;
    Ok(out)
}

fn write(value: &Value, out: &mut String) -> Result<(), NotInteger> {
    match value {
        Value::Number(number) if number.is_f64() => return Err(NotInteger(number.to_string())),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out)?;
            }
            out.push(']');
        }
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (index, key) in keys.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&Value::String(key.clone()).to_string());
                out.push(':');
                write(&map[key], out)?;
            }
            out.push('}');
        }
        // serde_json escapes strings exactly as RFC 8785 asks: the short escapes, \u00xx in lower
        // case for other control characters, everything else as it is.
        other => out.push_str(&other.to_string()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn keys_are_sorted_and_nothing_is_padded() {
        let value = json!({"b": [1, null, true], "a": {"数": "聚\n\u{1}", "A": -5}});
        assert_eq!(encode(&value).unwrap(), "{\"a\":{\"A\":-5,\"数\":\"聚\\n\\u0001\"},\"b\":[1,null,true]}");
    }

    #[test]
    fn a_fraction_has_no_place_in_the_record() {
        assert!(encode(&json!({"x": 0.1})).is_err());
    }

    proptest! {
        #[test]
        fn the_canonical_text_reads_back_as_the_same_value(keys in proptest::collection::btree_map(".{0,8}", any::<i64>(), 0..8)) {
            let value = json!(keys);
            let text = encode(&value).unwrap();
            prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
            prop_assert_eq!(encode(&serde_json::from_str(&text).unwrap()).unwrap(), text);
        }
    }
}
