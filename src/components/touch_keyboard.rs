//! A keyboard on the screen, for screens that have no other.

mod layout;

use leptos::ev;
use leptos::prelude::*;

use crate::components::icon::{Icon, Sign};
use crate::text;
pub use layout::Keys;
use layout::{capital, rows, signs};

/// Class of the keys that are no letters.
const WIDE: &str = "keys__key keys__key--wide";

/// What a key does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// Writes this.
    Write(String),
    /// Takes the letter before the caret away.
    Erase,
    /// Sends what was typed.
    Enter,
    /// Puts the keyboard away.
    Hide,
}

/// Real buttons, which leave the focus in the field.
#[component]
pub fn TouchKeyboard(
    /// For what is typed.
    keys: Keys,
    /// What was pressed.
    on_press: Callback<Press>,
) -> impl IntoView {
    let capitals = RwSignal::new(false);
    // Names are written in Cyrillic letters, addresses of mail and brands in Latin ones.
    let has_two = text::language() == "ru" && keys != Keys::Digits;
    let latin = RwSignal::new(keys == Keys::Latin);
    let shown = Memo::new(move |_| match (keys, latin.get()) {
        (Keys::Words, true) => Keys::Latin,
        (Keys::Latin, false) if has_two => Keys::Words,
        (keys, _) => keys,
    });
    let write = move |letters: String| {
        capitals.set(false);
        on_press.run(Press::Write(letters));
    };
    let letter_key = move |letter: char| {
        let written = move || if capitals.get() { capital(letter) } else { letter }.to_string();
        view! {
            <button type="button" class="keys__key" on:click=move |_| write(untrack(written))>{written}</button>
        }
    };
    let letters = move || {
        let row = |row: &&'static str| {
            view! { <div class="keys__row">{row.chars().map(letter_key).collect_view()}</div> }
        };
        rows(shown.get(), text::language()).iter().map(row).collect_view()
    };
    let sign_keys = move || {
        let key = |sign: &&'static str| {
            let sign = *sign;
            view! {
                <button type="button" class="keys__key" on:click=move |_| write(sign.to_owned())>{sign}</button>
            }
        };
        signs(shown.get()).iter().map(key).collect_view()
    };
    // The field keeps the focus.
    let stay = move |ev: ev::PointerEvent| ev.prevent_default();
    let stay_by_mouse = move |ev: ev::MouseEvent| ev.prevent_default();
    view! {
        <div
            class="keys"
            class:keys--digits=keys == Keys::Digits
            role="group"
            aria-label=text::kiosk_keyboard()
            on:pointerdown=stay
            on:mousedown=stay_by_mouse
        >
            {letters}
            <div class="keys__row">
                {(keys != Keys::Digits).then(|| view! {
                    <button
                        type="button"
                        class=WIDE
                        aria-label=text::kiosk_key_capitals()
                        aria-pressed=move || if capitals.get() { "true" } else { "false" }
                        on:click=move |_| capitals.update(|on| *on = !*on)
                    >
                        "⇧"
                    </button>
                })}
                {has_two.then(|| view! {
                    <button
                        type="button"
                        class=WIDE
                        aria-label=text::kiosk_key_alphabet()
                        on:click=move |_| latin.update(|on| *on = !*on)
                    >
                        {move || if latin.get() { "АБВ" } else { "ABC" }}
                    </button>
                })}
                {sign_keys}
                {(keys != Keys::Digits).then(|| view! {
                    <Key class="keys__key keys__key--space" press=Press::Write(" ".to_owned()) on_press>
                        {text::kiosk_key_space()}
                    </Key>
                })}
                <Key class=WIDE label=text::kiosk_key_erase() press=Press::Erase on_press>"⌫"</Key>
                <Key class=WIDE label=text::kiosk_key_hide() press=Press::Hide on_press>
                    <Sign icon=Icon::Chevron />
                </Key>
                <Key
                    class="keys__key keys__key--wide keys__key--enter"
                    label=text::kiosk_key_enter()
                    press=Press::Enter
                    on_press
                >
                    <Sign icon=Icon::Check />
                </Key>
            </div>
        </div>
    }
}

/// A key that always does the same.
#[component]
fn Key(
    /// How wide it is.
    class: &'static str,
    /// What it is called, where what stands on it is a sign.
    #[prop(optional)]
    label: Option<&'static str>,
    /// What it does.
    press: Press,
    /// What was pressed.
    on_press: Callback<Press>,
    /// What stands on it.
    children: Children,
) -> impl IntoView {
    view! {
        <button type="button" class=class aria-label=label on:click=move |_| on_press.run(press.clone())>
            {children()}
        </button>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_is_a_button_with_a_name() {
        let html =
            Owner::new().with(|| view! { <TouchKeyboard keys=Keys::Words on_press=Callback::new(|_| {}) /> }.to_html());
        // 10 digits, 26 letters and the apostrophe, two signs, capitals, space, erase, hide and enter.
        assert_eq!(html.matches("<button").count(), 10 + 26 + 1 + 2 + 5, "{html}");
        assert_eq!(html.matches("type=\"button\"").count(), html.matches("<button").count());
        assert!(html.contains("aria-label=\"Erase\""), "{html}");
    }
}
