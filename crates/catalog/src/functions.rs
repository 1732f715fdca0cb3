//! The Rust that asks for the texts.

use std::fmt::Write as _;

use crate::{COUNT, Catalog, Message};

/// A function for each key of `english`: `find_title() -> &'static str`, `stock_at(shop: &str) -> String`,
/// `units_left(n: u64) -> String`. They call `text(place)`, `filled(place, arguments)` and `counted(place, n, arguments)`.
#[must_use]
pub fn functions(english: &Catalog) -> String {
    let mut code = String::new();
    for (place, (key, message)) in english.of_app().enumerate() {
        let names = message.placeholders();
        let others: Vec<&str> = names.iter().map(String::as_str).filter(|name| !is_count(message, name)).collect();
        let mut parameters: Vec<String> = others.iter().map(|name| format!("{name}: &str")).collect();
        let arguments = others.join(", ");
        let (kind, call) = match message {
            Message::Plain(_) if others.is_empty() => ("&'static str", format!("text({place})")),
            Message::Plain(_) => ("String", format!("filled({place}, &[{arguments}])")),
            Message::Plural(_) => {
                parameters.insert(0, format!("{COUNT}: u64"));
                ("String", format!("counted({place}, {COUNT}, &[{arguments}])"))
            }
        };
        let parameters = parameters.join(", ");
        let _ = write!(
            code,
            "/// {}\npub(crate) fn {key}({parameters}) -> {kind} {{\n    {call}\n}}\n",
            documented(message.widest())
        );
    }
    code
}

fn is_count(message: &Message, name: &str) -> bool {
    matches!(message, Message::Plural(_)) && name == COUNT
}

/// The English text as a comment that means only itself.
fn documented(text: &str) -> String {
    format!("`{}`", text.replace('`', "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_is_a_function_with_what_its_text_needs() {
        let json = r#"{"a": "Hello", "b": "{shop}: {price}", "c": {"one": "{n} left at {shop}", "other": "{n} left at {shop}"}}"#;
        let code = functions(&Catalog::read("en", json).unwrap());
        for line in [
            "pub(crate) fn a() -> &'static str {\n    text(0)\n}",
            "pub(crate) fn b(shop: &str, price: &str) -> String {\n    filled(1, &[shop, price])\n}",
            "pub(crate) fn c(n: u64, shop: &str) -> String {\n    counted(2, n, &[shop])\n}",
            "/// `{n} left at {shop}`",
        ] {
            assert!(code.contains(line), "{line}\n{code}");
        }
    }
}
