//! What has to be known of a language to check its texts.

/// The plural categories of cardinal numbers (CLDR 48), in the order in which they are compiled; `None` for a language that
/// is not listed here.
#[must_use]
pub fn categories(language: &str) -> Option<&'static [&'static str]> {
    Some(match base(language) {
        "en" | "de" | "nl" | "sv" | "da" | "fi" => &["one", "other"],
        "fr" | "it" | "es" | "pt" => &["one", "many", "other"],
        "pl" | "ru" | "uk" => &["one", "few", "many", "other"],
        "cs" | "sk" => &["one", "few", "many", "other"],
        "ar" => &["zero", "one", "two", "few", "many", "other"],
        "ja" | "zh" | "ko" => &["other"],
        _ => return None,
    })
}

/// Whether a language is written from right to left.
#[must_use]
pub fn is_right_to_left(language: &str) -> bool {
    ["ar", "fa", "he", "ur"].contains(&base(language))
}

fn base(language: &str) -> &str {
    language.split('-').next().unwrap_or(language)
}
