//! Holds answers against the OpenAPI document.

use std::sync::OnceLock;

use serde_json::{Value, json};

/// The document, as it is served.
pub(crate) fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| serde_json::to_value(nearshelf_server::routes::openapi::document()).unwrap())
}

/// Whether the document foresees this answer.
pub(crate) fn check(method: &str, path: &str, status: u16, content_type: &str, body: &[u8]) -> Result<(), String> {
    let path = path.split('?').next().unwrap();
    let (template, item) = document()["paths"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(template, _)| fits(template, path))
        // "/v1/availability/events" is no "/v1/availability/{id}".
        .min_by_key(|(template, _)| template.matches('{').count())
        .ok_or_else(|| format!("{path} is not documented"))?;
    let operation = &item[method.to_lowercase()];
    let response = operation["responses"]
        .get(status.to_string())
        .ok_or_else(|| format!("{method} {template} does not document {status}"))?;
    let Some(content) = response.get("content").and_then(Value::as_object) else {
        return if body.is_empty() { Ok(()) } else { Err(format!("{method} {template} {status} documents no body")) };
    };
    let media_type = content_type.split(';').next().unwrap();
    let media = content.get(media_type).ok_or_else(|| format!("{method} {template} {status} is not {media_type}"))?;
    if !media_type.ends_with("json") {
        return Ok(());
    }
    let body: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    valid(&media["schema"], &body).map_err(|error| format!("{method} {template} {status}: {error}\n{body:#}"))
}

/// Whether a value is as a schema of the document says.
pub(crate) fn valid(schema: &Value, value: &Value) -> Result<(), String> {
    let mut schema = schema.clone();
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    // References are resolved within the schema itself.
    schema["components"] = document()["components"].clone();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).map_err(|e| e.to_string())?;
    validator.validate(value).map_err(|error| format!("{} at {}", error, error.instance_path()))
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len() && template.iter().zip(path).all(|(t, p)| t.starts_with('{') || *t == p)
}
