//! The JSON Schema of the file, for editors. It is made of the very types that read it, and shipped as
//! `docs/settings.schema.json`.

use serde_json::{Map, Value, json};
use utoipa::{PartialSchema as _, ToSchema as _};

use super::SettingsFile;

// The rules themselves are of `domain`, which knows no schemas.
/// For how long goods are kept.
#[derive(utoipa::ToSchema)]
#[schema(as = HoldRules)]
#[allow(dead_code)] // only its schema is used
pub struct HoldRulesSchema {
    /// Hours for which goods are kept once they are ready, where no rule says otherwise.
    #[schema(minimum = 1, maximum = 720, example = 48)]
    default_hours: u32,
    /// In any order; the most specific one wins.
    rules: Option<Vec<HoldRuleSchema>>,
}

/// For how long one kind of goods is kept.
#[derive(utoipa::ToSchema)]
#[schema(as = HoldRule)]
#[allow(dead_code)] // only its schema is used
pub struct HoldRuleSchema {
    /// Only at this shop.
    location_id: Option<String>,
    /// Only for this category and those within it.
    #[schema(example = "Food > Cakes")]
    category: Option<String>,
    /// Hours after it is ready.
    #[schema(minimum = 1, maximum = 720, example = 4)]
    hours: u32,
}

/// The schema.
///
/// # Errors
/// Where it is not JSON, which would be a fault of the library.
pub fn schema() -> Result<Value, serde_json::Error> {
    let mut parts = Vec::new();
    SettingsFile::schemas(&mut parts);
    let mut definitions = Map::new();
    for (name, part) in parts {
        definitions.insert(name, strict(serde_json::to_value(part)?));
    }
    let mut whole = strict(serde_json::to_value(SettingsFile::schema())?);
    if let Some(fields) = whole.as_object_mut() {
        fields.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        fields.insert("title".to_owned(), json!("Settings of a retailer"));
        fields.insert("$defs".to_owned(), Value::Object(definitions));
    }
    Ok(whole)
}

/// References within this file, nothing that is not known in any object, and null nowhere: what may be left out is left out.
fn strict(schema: Value) -> Value {
    match schema {
        Value::Object(mut fields) => {
            if fields.contains_key("properties") {
                fields.insert("additionalProperties".to_owned(), json!(false));
            }
            if fields.get("default").is_some_and(Value::is_null) {
                fields.remove("default");
            }
            if let Some(Value::String(target)) = fields.get_mut("$ref") {
                *target = target.replace("#/components/schemas/", "#/$defs/");
            }
            if let Some(Value::Array(kinds)) = fields.get("type") {
                let kind = kinds.iter().find(|kind| *kind != "null").cloned().unwrap_or_default();
                fields.insert("type".to_owned(), kind);
            }
            if let Some(Value::Array(choices)) = fields.remove("oneOf") {
                let choice = choices.into_iter().find(|choice| choice["type"] != "null");
                fields.extend(choice.and_then(|choice| choice.as_object().cloned()).unwrap_or_default());
                return strict(Value::Object(fields));
            }
            fields.into_iter().map(|(name, value)| (name, strict(value))).collect()
        }
        Value::Array(values) => values.into_iter().map(strict).collect(),
        other => other,
    }
}
