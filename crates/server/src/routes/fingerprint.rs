//! What a write under an Idempotency-Key is recognised by.

use serde::Serialize;

use crate::error::Error;
use crate::random;

/// What makes two requests the same: what was understood, whatever the spacing, the order of keys or the way a number
/// was written.
pub(super) fn fingerprint(path: &str, asked: &impl Serialize) -> Result<[u8; 32], Error> {
    let value = serde_json::to_value(asked).map_err(|error| Error::internal(&error))?;
    let mut text = format!("POST {path}\n");
    canonical(&value, &mut text);
    Ok(random::sha256(text.as_bytes()))
}

fn canonical(value: &serde_json::Value, out: &mut String) {
    match value {
        serde_json::Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort();
            out.push('{');
            for key in keys {
                out.push_str(&serde_json::Value::from(key.as_str()).to_string());
                out.push(':');
                canonical(map.get(key).unwrap_or(&serde_json::Value::Null), out);
                out.push(',');
            }
            out.push('}');
        }
        serde_json::Value::Array(rows) => {
            out.push('[');
            for row in rows {
                canonical(row, out);
                out.push(',');
            }
            out.push(']');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}
