//! The page around the app: title, focus, address, settings in the head.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlMetaElement};

/// The content of `<meta name="…">`, where there is one and it is not empty.
#[must_use]
pub fn meta(name: &str) -> Option<String> {
    let found = document().query_selector(&format!("meta[name=\"{name}\"]")).ok()??;
    Some(found.dyn_into::<HtmlMetaElement>().ok()?.content()).filter(|c| !c.is_empty())
}

/// The text of the element with an id, where there is one.
#[must_use]
pub fn text(id: &str) -> Option<String> {
    document().get_element_by_id(id)?.text_content()
}

/// Says in the title of the page where the shopper is.
pub fn set_title(text: &str) {
    document().set_title(text);
}

/// Moves focus to an element, so that a screen reader begins there. Not scrolled into view: the router has scrolled.
pub fn focus(id: &str) {
    let element = document().get_element_by_id(id).and_then(|e| e.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element {
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = element.focus_with_options(&options);
    }
}

/// Scrolls to the top of the page.
pub fn to_top() {
    window().scroll_to_with_x_and_y(0.0, 0.0);
}

/// Scrolls an element into sight, no farther than it takes.
pub fn show(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Writes on the page's outermost element what state something is in, for whoever looks at it from outside.
pub fn mark(name: &str, value: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute(&["data-", name].concat(), value);
    }
}

/// Takes the skeleton away that the page showed until the app was there.
pub fn remove(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        element.remove();
    }
}

const DESCRIPTION: &str = "description-of-page";

/// Says in the head of the page what it shows, for search engines and assistants.
pub fn describe(json_ld: &str) {
    undescribe();
    let Ok(script) = document().create_element("script") else { return };
    script.set_id(DESCRIPTION);
    let _ = script.set_attribute("type", "application/ld+json");
    script.set_text_content(Some(json_ld));
    if let Some(head) = document().head() {
        let _ = head.append_child(&script);
    }
}

/// Takes back what [`describe`] said.
pub fn undescribe() {
    remove(DESCRIPTION);
}

/// The address of the page, whole.
#[must_use]
pub fn address() -> String {
    window().location().href().unwrap_or_default()
}

/// Where the page comes from: `https://shop.example`.
#[must_use]
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// The path of the address, and its query without the question mark.
#[must_use]
pub fn path_and_query() -> (String, String) {
    let location = window().location();
    let query = location.search().unwrap_or_default();
    (location.pathname().unwrap_or_default(), query.strip_prefix('?').unwrap_or(&query).to_owned())
}

/// Makes a step of the history where the address is another one than this; what follows `#` is not looked at.
pub fn address_is(path: &str, query: &str) {
    let (now, now_query) = path_and_query();
    if (now.as_str(), now_query.as_str()) != (path, query)
        && let Ok(history) = window().history()
    {
        let mark = if query.is_empty() { "" } else { "?" };
        let address = [path, mark, query].concat();
        let _ = history.push_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&address));
    }
}

/// Loads another address in place of this one: a fresh document, and no way back to this one.
pub fn replace(address: &str) {
    let _ = window().location().replace(address);
}

/// What follows `#` in the address.
#[must_use]
pub fn fragment() -> String {
    let hash = window().location().hash().unwrap_or_default();
    hash.strip_prefix('#').unwrap_or(&hash).to_owned()
}

/// Takes a secret out of the address, so that it is not shared or photographed with it.
pub fn clear_fragment() {
    let location = window().location();
    if let (Ok(path), Ok(query)) = (location.pathname(), location.search())
        && let Ok(history) = window().history()
    {
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&format!("{path}{query}")));
    }
}

/// Opens a dialog so that the rest of the page is out of reach behind it.
pub fn open_dialog(dialog: &web_sys::HtmlDialogElement) {
    if !dialog.open() {
        let _ = dialog.show_modal();
    }
}

/// Closes a dialog, where it is open.
pub fn close_dialog(dialog: &web_sys::HtmlDialogElement) {
    if dialog.open() {
        dialog.close();
    }
}

/// Moves focus to the first field that is marked wrong, once the marks are on the page.
pub fn focus_first_wrong() {
    request_animation_frame(|| {
        let found = document().query_selector("[aria-invalid=true]").ok().flatten();
        if let Some(element) = found.and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}
