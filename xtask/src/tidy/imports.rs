//! Who may import whom (docs/style.md).
//!
//! `super` inside an inline module is taken for that of the file, which no rule here depends on.

use super::Finding;
use super::paths::{self, Named};
use super::source::Source;

/// Every import in a file that points the wrong way.
pub(super) fn check(file: &str, source: &Source) -> Vec<Finding> {
    let file = Place::of(file);
    let found = paths::named(&source.code).into_iter().filter_map(|path| {
        let words = file.complains_of(&path)?;
        Some(Finding { file: file.name.to_owned(), line: path.line, words })
    });
    let mut found: Vec<Finding> = found.collect();
    found.dedup();
    found
}

/// A file and the module that it is.
struct Place<'a> {
    name: &'a str,
    module: Vec<&'a str>,
}

impl<'a> Place<'a> {
    fn of(name: &'a str) -> Self {
        let path = name.strip_prefix("src/").unwrap_or("").trim_end_matches(".rs");
        let module = path.split('/').filter(|part| !["", "lib", "main"].contains(part)).collect();
        Self { name, module }
    }

    /// `src/api` stands for src/api.rs and everything below src/api/.
    fn is_in(&self, area: &str) -> bool {
        self.name.strip_prefix(area).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
    }

    fn complains_of(&self, path: &Named) -> Option<String> {
        if self.name.starts_with("src/") {
            return self.app_complains(path);
        }
        if self.name.starts_with("crates/domain/src/") || self.name.starts_with("crates/search/src/") {
            return pure_complains(path);
        }
        if self.is_in("crates/server/src/db") && (names(path, "axum") || names(path, "api_contract")) {
            return Some(format!("the database knows nothing of HTTP: `{}`", shown(path)));
        }
        None
    }

    fn app_complains(&self, path: &Named) -> Option<String> {
        let says = |words: &str| Some(format!("{words}: `{}`", shown(path)));
        if names(path, "gloo_net") && !self.is_in("src/api") {
            return says("only src/api speaks HTTP");
        }
        if ["web_sys", "js_sys", "wasm_bindgen"].iter().any(|door| names(path, door)) && !self.is_in("src/browser") {
            return says("only src/browser touches the platform");
        }
        let local = self.local(path).unwrap_or_default();
        let first = local.first().copied().unwrap_or("");
        if local.starts_with(&["browser", "http"]) && !self.is_in("src/api") && !self.is_in("src/browser") {
            return says("only src/api speaks HTTP");
        }
        if self.is_in("src/components") && ["api", "browser", "session", "pages", "app"].contains(&first) {
            return says("a component gets finished values");
        }
        if self.is_in("src/api") && (is_view(path) || ["session", "pages", "components"].contains(&first)) {
            return says("src/api fetches, and knows nothing of views");
        }
        if self.is_in("src/session") && ["pages", "components"].contains(&first) {
            return says("the session knows nothing of views");
        }
        if self.is_in("src/browser") && ["pages", "api"].contains(&first) {
            return says("src/browser knows the platform and nothing of us");
        }
        self.page_complains(path, &local)
    }

    fn page_complains(&self, path: &Named, local: &[&str]) -> Option<String> {
        let ["pages", page, below @ ..] = self.module.as_slice() else { return None };
        let says = |words: &str| Some(format!("{words}: `{}`", shown(path)));
        match local {
            ["app", ..] => return says("a page does not know who shows it"),
            ["pages"] => return says("a page does not know the others"),
            ["pages", other, ..] if other != page && !is_type(other) => return says("a page does not know the others"),
            _ => {}
        }
        if below.last() != Some(&"model") && !(below.is_empty() && *page == "model") {
            return None;
        }
        let outside = path.segments.iter().any(|segment| segment == "leptos" || segment.starts_with("leptos_"));
        if outside || matches!(local, ["browser" | "components", ..]) {
            return says("a model is plain Rust");
        }
        // `crate::api::ApiError` is a value; `crate::api::products::list` goes out and fetches.
        if let ["api", rest @ ..] = local
            && !rest.iter().any(|segment| is_type(segment))
        {
            return says("a model does not fetch");
        }
        None
    }

    /// The path from the root of the app, if it is one of the app's own.
    fn local<'p>(&self, path: &'p Named) -> Option<Vec<&'p str>>
    where
        'a: 'p,
    {
        let segments: Vec<&str> = path.segments.iter().map(String::as_str).collect();
        let mut module = match segments.first()? {
            &"crate" | &"nearshelf" => Vec::new(),
            &"self" | &"super" if segments.len() > 1 => self.module.clone(),
            _ => return None,
        };
        for segment in segments {
            match segment {
                "crate" | "nearshelf" | "self" => {}
                "super" => _ = module.pop(),
                other => module.push(other),
            }
        }
        Some(module)
    }
}

/// Rules come out the same whatever the time, the place and the machine.
fn pure_complains(path: &Named) -> Option<String> {
    let segments: Vec<&str> = path.segments.iter().map(String::as_str).collect();
    let reaches_out = match segments.as_slice() {
        ["std", "time", "SystemTime" | "Instant", ..] | ["std", "net" | "fs", ..] => true,
        [.., "SystemTime" | "Instant" | "Timestamp" | "Zoned", "now"] => true,
        [first, _, ..] => ["rand", "tokio", "web_sys"].contains(first) || first.starts_with("leptos"),
        [only] => ["rand", "tokio", "web_sys", "leptos"].contains(only) && !path.is_call_of_macro,
        [] => false,
    };
    reaches_out.then(|| format!("time, chance and the network come in as arguments: `{}`", shown(path)))
}

fn names(path: &Named, wanted: &str) -> bool {
    path.segments.iter().any(|segment| segment == wanted)
}

fn is_view(path: &Named) -> bool {
    let last = path.segments.last().map_or("", String::as_str);
    ["IntoView", "AnyView", "component"].contains(&last) || (last == "view" && path.is_call_of_macro)
}

fn is_type(segment: &str) -> bool {
    segment.starts_with(|c: char| c.is_uppercase())
}

fn shown(path: &Named) -> String {
    path.segments.join("::")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of `text` that are complained of when it stands in `file`.
    fn lines(file: &str, text: &str) -> Vec<usize> {
        check(file, &Source::read(text)).iter().map(|finding| finding.line).collect()
    }

    #[track_caller]
    fn refuses(file: &str, text: &str) {
        assert_eq!(lines(file, text), [1], "{file}: {text}");
    }

    #[track_caller]
    fn allows(file: &str, text: &str) {
        assert_eq!(lines(file, text), [0; 0], "{file}: {text}");
    }

    #[test]
    fn only_the_api_speaks_http() {
        allows("src/api/request.rs", "use crate::browser::http::{self, NoAnswer};");
        refuses("src/session.rs", "use crate::browser::http;");
        allows("src/api.rs", "use gloo_net::http::Request;");
        allows("src/api/products.rs", "gloo_net::http::Request::get(path)");
        refuses("src/session.rs", "use gloo_net::http::Request;");
        refuses("src/apiary.rs", "let x = gloo_net::http::Request::get(path);");
    }

    #[test]
    fn only_the_browser_module_touches_the_platform() {
        allows("src/browser/clock.rs", "use web_sys::window; use js_sys::Date; use wasm_bindgen::JsCast;");
        for text in
            ["use web_sys::window;", "js_sys::Date::now()", "use leptos::{web_sys};", "use wasm_bindgen::JsCast;"]
        {
            refuses("src/pages/store.rs", text);
            refuses("src/live.rs", text);
        }
        allows("src/live.rs", "use wasm_bindgen_futures::spawn_local; // not web_sys::window");
    }

    #[test]
    fn a_component_gets_finished_values() {
        allows("src/components/badge.rs", "use crate::route::Route; use super::icon; use domain::id::Sku;");
        for module in ["api", "browser", "session", "pages", "app"] {
            refuses("src/components/badge.rs", &format!("use crate::{{route::Route, {module}::thing}};"));
            refuses("src/components.rs", &format!("let x = crate::{module}::thing();"));
        }
        refuses("src/components/badge.rs", "use super::super::session::Session;");
    }

    #[test]
    fn pages_do_not_know_each_other() {
        allows("src/pages/store.rs", "use crate::pages::store::model; use self::model::State; use super::store;");
        allows("src/pages/store.rs", "use crate::pages::Heading; use crate::session::Session;");
        allows("src/pages.rs", "use crate::pages::store; pub mod product;");
        for text in
            ["use crate::pages::product::Card;", "use super::product;", "use crate::pages;", "use crate::app::App;"]
        {
            refuses("src/pages/store.rs", text);
        }
        refuses("src/pages/store/form.rs", "super::super::product::card()");
    }

    #[test]
    fn a_model_is_plain_rust() {
        let file = "src/pages/reserve/model.rs";
        allows(file, "use crate::api::{ApiError, error::Kind}; use crate::route::Route; use domain::id::Sku;");
        allows("src/pages/reserve.rs", "use leptos::prelude::*; use crate::{api, browser, components};");
        for text in [
            "use leptos::prelude::*;",
            "use leptos_router::hooks::use_navigate;",
            "use web_sys::window;",
            "use crate::browser::clock;",
            "use crate::components::badge;",
            "use gloo_net::http::Request;",
            "use crate::api::reservations::create;",
        ] {
            refuses(file, text);
        }
    }

    #[test]
    fn the_api_knows_nothing_of_views() {
        allows("src/api.rs", "use leptos::prelude::Signal; let view = 1;");
        for text in [
            "use crate::session::Session;",
            "use crate::pages::x;",
            "use crate::components::x;",
            "view! { }",
            "#[component]",
        ] {
            refuses("src/api/error.rs", text);
        }
    }

    #[test]
    fn the_session_and_the_browser_know_nothing_of_views() {
        allows("src/session.rs", "use crate::browser::storage; use crate::route::Route;");
        refuses("src/session.rs", "use crate::pages::store;");
        refuses("src/session/kept.rs", "use crate::components::badge;");
        allows("src/browser/storage.rs", "use crate::words;");
        refuses("src/browser/storage.rs", "use crate::pages::store;");
        refuses("src/browser.rs", "use crate::api::products;");
    }

    #[test]
    fn rules_reach_for_nothing_outside() {
        for file in ["crates/domain/src/hours.rs", "crates/search/src/lib.rs"] {
            allows(file, "use std::{time::Duration, fmt}; use domain::time::Timestamp;");
            for text in [
                "use std::time::{SystemTime};",
                "std::time::Instant::now()",
                "use std::net::IpAddr;",
                "use std::{fs};",
                "rand::random()",
                "use tokio::time;",
                "use leptos::prelude::*;",
                "use web_sys::window;",
                "jiff::Timestamp::now()",
            ] {
                refuses(file, text);
            }
        }
        allows("crates/server/src/clock.rs", "use std::time::SystemTime;");
    }

    #[test]
    fn the_database_knows_nothing_of_http() {
        allows("crates/server/src/db/stock.rs", "use domain::id::Sku; use sqlx::Row;");
        allows("crates/server/src/routes/stock.rs", "use axum::Json; use api_contract::paths;");
        refuses("crates/server/src/db/stock.rs", "use axum::http::StatusCode;");
        refuses("crates/server/src/db.rs", "use api_contract::inventory::Verdict;");
    }
}
