//! A mark and words: never colour alone.

use leptos::prelude::*;

use crate::words::Said;

/// A statement with its mark; the words change as the value does.
#[component]
pub fn Statement(
    /// What is said.
    #[prop(into)]
    said: Signal<Said>,
) -> impl IntoView {
    view! {
        <span class=move || format!("said said--{}", said.with(|s| s.tone.class()))>
            <span class="said__mark" aria-hidden="true"></span>
            <span class="said__text">{move || said.with(|s| s.text.clone())}</span>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Tone;

    #[test]
    fn a_statement_has_its_words_and_its_tone() {
        let said = Said { tone: Tone::Low, text: "1 left".into() };
        let html = Owner::new().with(|| view! { <Statement said=said /> }.to_html());
        assert!(html.contains("said--low") && html.contains("1 left"), "{html}");
    }
}
