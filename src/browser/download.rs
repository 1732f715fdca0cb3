//! A file that the page made, saved on the device.

use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use super::clock;

/// Long enough for a slow phone to have begun with the file.
const KEPT_MS: u32 = 60_000;

/// Hands a text over as a file; answers whether the browser took it.
pub fn save(name: &str, media_type: &str, text: &str) -> bool {
    offer(name, media_type, text).is_ok()
}

fn offer(name: &str, media_type: &str, text: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let blob = Blob::new_with_str_sequence_and_options(&js_sys::Array::of1(&JsValue::from_str(text)), &options)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&address);
    link.set_download(name);
    // The router takes links of the app for screens; this one is none.
    link.set_rel("external");
    link.click();
    leptos::task::spawn_local(async move {
        clock::sleep(KEPT_MS).await;
        let _ = Url::revoke_object_url(&address);
    });
    Ok(())
}
