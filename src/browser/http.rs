//! One HTTP exchange; `crate::api` is the only one to use it.

use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

use super::abort::Aborter;

/// Why there is no answer.
pub enum NoAnswer {
    /// The request cannot be sent as it is, such as with a header that no header can be.
    Unsendable,
    /// The network did not carry it, or its answer.
    Offline,
}

/// What came back.
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// All of its body.
    pub text: String,
    /// Its headers `Retry-After` and `Date`, where it is a refusal that may have the first.
    pub retry_after: Option<(String, Option<String>)>,
}

/// Sends a request and reads the whole answer as text, with its status. Dropping the future ends the request.
///
/// # Errors
/// [`NoAnswer`]; any status is an answer.
pub async fn exchange(
    method: &str,
    url: &str,
    headers: &[(&str, String)],
    body: Option<&str>,
) -> Result<Answer, NoAnswer> {
    let aborter = Aborter::new();
    let list = Headers::new().map_err(|_| NoAnswer::Unsendable)?;
    for (name, value) in headers {
        list.set(name, value).map_err(|_| NoAnswer::Unsendable)?;
    }
    let init = RequestInit::new();
    init.set_method(method);
    init.set_headers(&list);
    init.set_signal(aborter.signal().as_ref());
    if super::storage::is_only_in_memory() {
        // What somebody searched would stand in the browser's own cache.
        init.set_cache(web_sys::RequestCache::NoStore);
    }
    if let Some(body) = body {
        init.set_body(&JsValue::from_str(body));
    }
    let answer = window().fetch_with_str_and_init(url, &init);
    let response: Response = JsFuture::from(answer).await.map_err(|_| NoAnswer::Offline)?.unchecked_into();
    let text = response.text().map_err(|_| NoAnswer::Offline)?;
    let text = JsFuture::from(text).await.map_err(|_| NoAnswer::Offline)?;
    let status = response.status();
    let headers = matches!(status, 429 | 503).then(|| response.headers());
    let retry_after = headers.and_then(|headers| {
        let header = |name| headers.get(name).ok().flatten();
        Some((header("retry-after")?, header("date")))
    });
    Ok(Answer { status, text: text.as_string().unwrap_or_default(), retry_after })
}
