//! Asking the API with the key of the page.

use api_contract::paths::{EMBED_KEY, HEALTH_LIVE, IDEMPOTENCY_KEY, encode};
use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestCredentials, RequestInit, RequestMode, Response};

use super::dom;
use crate::model::Failure;
use crate::wire::{self, Problem, Read};

/// Milliseconds after which no answer is expected any more.
const PATIENCE_MS: i32 = 10_000;

/// Where the app and the API are, and with which key they are asked.
#[derive(Debug, Clone)]
pub(super) struct Net {
    app: String,
    api: String,
    key: String,
    /// Whether an answer was read: then what cannot be read later is no matter of the key.
    known: std::rc::Rc<std::cell::Cell<bool>>,
}

impl Net {
    pub(super) fn new(app: &str, api: &str, key: &str) -> Self {
        Self {
            app: app.to_owned(),
            api: api.to_owned(),
            key: key.chars().take(64).collect(),
            known: std::rc::Rc::default(),
        }
    }

    /// Origin of the app.
    pub(super) fn app(&self) -> &str {
        &self.app
    }

    /// Address of a picture, by what the API calls it.
    pub(super) fn media(&self, path: &str) -> String {
        if path.starts_with('/') { [&self.api, path].concat() } else { path.to_owned() }
    }

    /// Address of a path of the API.
    /// A page of the app's own needs no key.
    pub(super) fn url(&self, path: &str) -> String {
        if self.key.is_empty() {
            return [&self.api, path].concat();
        }
        let sign = if path.contains('?') { "&" } else { "?" };
        [&self.api, path, sign, EMBED_KEY, "=", &encode(&self.key)].concat()
    }

    pub(super) async fn get<T: Read>(&self, path: &str) -> Result<T, Failure> {
        read(&self.exchange("GET", path, None, None).await?)
    }

    pub(super) async fn post<T: Read>(
        &self,
        path: &str,
        body: &impl serde::Serialize,
        key: Option<&str>,
    ) -> Result<T, Failure> {
        let body = serde_json::to_string(body).map_err(|_| Failure::Broken)?;
        read(&self.exchange("POST", path, Some(&body), key).await?)
    }

    /// Everything that does not depend on what is asked for, so that it is in the program once.
    async fn exchange(
        &self,
        method: &str,
        path: &str,
        body: Option<&str>,
        key: Option<&str>,
    ) -> Result<String, Failure> {
        let late = std::rc::Rc::new(std::cell::Cell::new(false));
        let aborter = AbortController::new().map_err(|_| Failure::Broken)?;
        let headers = Headers::new().map_err(|_| Failure::Broken)?;
        let init = RequestInit::new();
        if let Some(body) = body {
            let _ = headers.set("content-type", "application/json");
            init.set_body(&JsValue::from_str(body));
        }
        if let Some(key) = key {
            let _ = headers.set(IDEMPOTENCY_KEY, key);
        }
        init.set_method(method);
        init.set_headers(&headers);
        init.set_signal(Some(&aborter.signal()));
        init.set_credentials(RequestCredentials::Omit);
        let timer = {
            let (late, aborter) = (late.clone(), aborter.clone());
            dom::after(PATIENCE_MS, move || {
                late.set(true);
                aborter.abort();
            })
        };
        let answer = exchanged(&self.url(path), &init).await;
        dom::window().clear_timeout_with_handle(timer);
        if answer.is_ok() {
            self.known.set(true);
        }
        match answer {
            Ok((status, text)) if (200..300).contains(&status) => Ok(text),
            // A proxy or a captive portal answers with pages of its own: they are none of ours.
            Ok((status, text)) => match wire::read::<Problem>(&text) {
                Some(problem) if problem.status == status => Err(Failure::Problem(Box::new(problem))),
                _ => Err(Failure::Broken),
            },
            Err(_) if late.get() => Err(Failure::TimedOut),
            // A browser does not say which of the two it was.
            Err(_) if !self.known.get() && self.is_there().await => Err(Failure::Refused),
            Err(_) => Err(Failure::Offline),
        }
    }

    /// Whether the server answers at all, to whomever: nothing of the answer can be read.
    async fn is_there(&self) -> bool {
        let init = RequestInit::new();
        init.set_mode(RequestMode::NoCors);
        init.set_credentials(RequestCredentials::Omit);
        let url = [&self.api, HEALTH_LIVE].concat();
        JsFuture::from(dom::window().fetch_with_str_and_init(&url, &init)).await.is_ok()
    }
}

async fn exchanged(url: &str, init: &RequestInit) -> Result<(u16, String), JsValue> {
    let answer = JsFuture::from(dom::window().fetch_with_str_and_init(url, init)).await?;
    let response: Response = answer.unchecked_into();
    let text: Promise = response.text()?.unchecked_into();
    let text = JsFuture::from(text).await?;
    Ok((response.status(), text.as_string().unwrap_or_default()))
}

fn read<T: Read>(text: &str) -> Result<T, Failure> {
    wire::read(text).ok_or(Failure::Broken)
}

/// A key that names one intention of the shopper: 128 random bits in hexadecimal digits.
pub(super) fn key() -> String {
    let mut bytes = [0u8; 16];
    let filled = dom::window().crypto().is_ok_and(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).is_ok());
    if !filled {
        // Without the secure source a key must still differ from the others.
        for byte in &mut bytes {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0.0 to 255.99 by construction
            let drawn = (js_sys::Math::random() * 256.0) as u8;
            *byte = drawn;
        }
    }
    const HEX: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(HEX[usize::from(digit)])).collect()
}

/// A function of an object that the browser may not have.
pub(super) fn function(of: &JsValue, name: &str) -> Option<Function> {
    js_sys::Reflect::get(of, &JsValue::from_str(name)).ok()?.dyn_into().ok()
}
