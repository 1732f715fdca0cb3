//! Giving something to somebody else: the share sheet of the device, else the clipboard.

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

// A browser without these throws when they are called, which is an answer like others.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = navigator, js_name = share)]
    fn open_sheet(what: &Object) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["navigator", "clipboard"], js_name = writeText)]
    fn write_text(text: &str) -> Result<Promise, JsValue>;
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shared {
    /// The device's own sheet took it.
    Given,
    /// The shopper closed the sheet.
    Dismissed,
    /// The link is on the clipboard.
    Copied,
    /// Neither is possible here.
    Impossible,
}

/// Shares a link.
pub async fn link(title: &str, text: &str, url: &str) -> Shared {
    let what = Object::new();
    for (name, value) in [("title", title), ("text", text), ("url", url)] {
        let _ = Reflect::set(&what, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    if let Ok(answer) = open_sheet(&what) {
        match JsFuture::from(answer).await {
            Ok(_) => return Shared::Given,
            Err(why) if is_abort(&why) => return Shared::Dismissed,
            Err(_) => {}
        }
    }
    let Ok(answer) = write_text(url) else { return Shared::Impossible };
    if JsFuture::from(answer).await.is_ok() { Shared::Copied } else { Shared::Impossible }
}

fn is_abort(why: &JsValue) -> bool {
    Reflect::get(why, &JsValue::from_str("name")).is_ok_and(|name| name == "AbortError")
}
