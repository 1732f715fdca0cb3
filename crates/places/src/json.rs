//! The answer as it crosses the wire. Server and browser both answer with this very text, so that they cannot differ.

use std::fmt::Write as _;

use domain::geo::{Position, decimal_degrees};

use crate::{Fit, Kind, Place, Places};

impl Places {
    /// [`Places::find`] as the JSON of `GET /v1/places/search`.
    #[must_use]
    pub fn answer_json(&self, typed: &str, near: Option<Position>, limit: usize) -> String {
        let found = self.find(typed, near, limit);
        let mut json = String::from("{\"match\":\"");
        json.push_str(match found.fit {
            Fit::Exact => "exact",
            Fit::Near => "near",
            Fit::Ambiguous => "ambiguous",
            Fit::None => "none",
        });
        json.push('"');
        if let Some(showing) = &found.showing {
            member(&mut json, "showing", showing);
        }
        json.push_str(",\"places\":[");
        for (number, place) in found.places.iter().enumerate() {
            json.push_str(if number == 0 { "{" } else { ",{" });
            push(&mut json, place);
            json.push('}');
        }
        json.push(']');
        if !self.credit.is_empty() && !found.places.is_empty() {
            member(&mut json, "credit", &self.credit);
        }
        json.push('}');
        json
    }
}

fn push(json: &mut String, place: &Place) {
    let kind = match place.kind {
        Kind::Postcode => "postcode",
        Kind::Town => "town",
    };
    for part in ["\"kind\":\"", kind, "\",\"geo\":{\"latitude\":", &decimal_degrees(place.position.latitude())] {
        json.push_str(part);
    }
    for part in [",\"longitude\":", &decimal_degrees(place.position.longitude()), "}"] {
        json.push_str(part);
    }
    member(json, "label", &place.label);
    member(json, "detail", &place.detail);
    member(json, "country", &place.country);
}

fn member(json: &mut String, name: &str, value: &str) {
    for part in [",\"", name, "\":\""] {
        json.push_str(part);
    }
    for c in value.chars() {
        match c {
            '"' | '\\' => json.extend(['\\', c]),
            '\0'..='\u{1F}' => {
                let _ = write!(json, "\\u{:04x}", u32::from(c));
            }
            _ => json.push(c),
        }
    }
    json.push('"');
}
