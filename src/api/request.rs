//! Sending one request and reading its answer, with every way in which that can fail.

use std::cell::RefCell;

use api_contract::json;
use api_contract::problem::Problem;
use futures::future::{Either, select};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::ApiError;
use super::wait::{self, Waits};
use crate::browser::clock::{device_now, http_date, sleep, steady_ms};
use crate::browser::http::{self, NoAnswer};

thread_local! {
    /// Where the API is: empty for the address of the page itself.
    static BASE: RefCell<String> = const { RefCell::new(String::new()) };
    /// What the server does not want to be asked yet.
    static WAITS: RefCell<Waits> = RefCell::default();
}

/// Says where the API is, `https://api.example.org`; called once, before anything is sent.
pub fn set_base(base: &str) {
    BASE.with_borrow_mut(|b| base.trim_end_matches('/').clone_into(b));
}

/// The full address of a path of the API, or of a picture that the API named.
#[must_use]
pub fn url(path: &str) -> String {
    if path.starts_with('/') { BASE.with_borrow(|base| format!("{base}{path}")) } else { path.to_owned() }
}

/// Verbs that are used.
pub(super) enum Method {
    Get,
    Post,
    Patch,
}

/// A request in the making.
pub(super) struct Call {
    method: Method,
    address: String,
    headers: Vec<(&'static str, String)>,
    body: Option<String>,
    timeout_ms: u32,
}

impl Call {
    pub(super) fn new(method: Method, path: &str) -> Self {
        Self { method, address: url(path), headers: Vec::new(), body: None, timeout_ms: 10_000 }
    }

    pub(super) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(super) fn bearer(self, token: &str) -> Self {
        self.header("Authorization", &format!("Bearer {token}"))
    }

    pub(super) fn json(self, body: &impl Serialize) -> Result<Self, ApiError> {
        Ok(self.text(serde_json::to_string(body).map_err(|e| ApiError::Unreadable(e.to_string()))?))
    }

    /// A body that is JSON already.
    pub(super) fn text(mut self, json: String) -> Self {
        self.body = Some(json);
        self.header("Content-Type", "application/json")
    }

    pub(super) fn timeout_ms(mut self, timeout_ms: u32) -> Self {
        self.timeout_ms = timeout_ms;
        self
    }

    pub(super) async fn send<T: DeserializeOwned>(self) -> Result<T, ApiError> {
        let text = self.exchange().await?;
        read_json(&text)
    }

    /// Everything that does not depend on what is asked for, so that it is in the app once.
    async fn exchange(self) -> Result<String, ApiError> {
        let method = match self.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Patch => "PATCH",
        };
        let question = wait::question(method, &self.address);
        if let Some(not_yet) = WAITS.with_borrow(|waits| waits.answer(&question, steady_ms())) {
            return Err(not_yet);
        }
        // Dropping the future (a newer search, a closed screen) drops this too and so ends the request.
        let exchange = http::exchange(method, &self.address, &self.headers, self.body.as_deref());
        let (exchange, timeout) = (std::pin::pin!(exchange), std::pin::pin!(sleep(self.timeout_ms)));
        match select(exchange, timeout).await {
            Either::Left((Ok(answer), _)) => {
                let wait = answer.retry_after.and_then(|(header, date)| {
                    // By the clock of the server, where it says what that shows.
                    let now = date.as_deref().and_then(http_date).or_else(|| Some(device_now().millis()));
                    wait::asked_for(&header, now, http_date)
                });
                read(answer.status, answer.text).map_err(|why| match wait {
                    Some(wait) => WAITS.with_borrow_mut(|waits| waits.begin(question, why, wait, steady_ms())),
                    None => why,
                })
            }
            Either::Left((Err(NoAnswer::Offline), _)) => Err(ApiError::Offline),
            Either::Left((Err(NoAnswer::Unsendable), _)) => Err(ApiError::Unreadable("the request".to_owned())),
            Either::Right(_) => Err(ApiError::TimedOut),
        }
    }
}

pub(super) fn read_json<T: DeserializeOwned>(text: &str) -> Result<T, ApiError> {
    json::read(text).map_err(|e| ApiError::Unreadable(e.to_string()))
}

fn read(status: u16, text: String) -> Result<String, ApiError> {
    if (200..300).contains(&status) {
        return Ok(text);
    }
    // A proxy or a captive portal answers with pages of its own: only its status means anything.
    match json::read::<Problem>(&text) {
        Ok(problem) if problem.status == status => Err(ApiError::Problem(Box::new(problem))),
        _ => Err(ApiError::Status(status)),
    }
}
