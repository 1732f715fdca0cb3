//! What the search inside the browser gets, and that it answers as the server does.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request as HttpRequest;
use search::{Index, Request, StockSet, page};
use serde_json::{Value, json};

use crate::seed::BOTTLE;
use crate::support::TestApp;

async fn index(app: &TestApp) -> (String, Index) {
    let info = app.get("/v1/search").await.ok();
    let url = info["url"].as_str().unwrap();
    let answer = app.get(url).await;
    assert_eq!(answer.status, 200);
    assert!(answer.headers["cache-control"].to_str().unwrap().contains("immutable"));
    let index = Index::open(answer.body.to_vec()).unwrap();
    assert_eq!(info["products"], index.len());
    (info["index"].as_str().unwrap().to_owned(), index)
}

/// What the worker does with a query string, on this side of the wire.
fn ask(index: &Index, query: &str, sets: &[(&str, StockSet)]) -> String {
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let request = Request::of(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))).unwrap();
    let pick = |ids: &[String]| -> Vec<&StockSet> {
        ids.iter().filter_map(|id| sets.iter().find(|(known, _)| known == id).map(|(_, set)| set)).collect()
    };
    let only = pick(&request.location_ids);
    page(index, &request, (!request.location_ids.is_empty()).then_some(&only), &pick(&request.near))
}

#[tokio::test]
async fn browser_and_server_give_the_same_answer_to_the_same_question() {
    let app = TestApp::new().await;
    let (id, index) = index(&app).await;
    let stock = app.get(&format!("/v1/search/stock?index={id}&location_id=lyo-1,ams-1,par-1,nowhere")).await.ok();
    let mut sets = Vec::new();
    for shop in stock["locations"].as_array().unwrap() {
        let name = shop["location_id"].as_str().unwrap();
        let bytes = unbase64(shop["products"].as_str().unwrap());
        sets.push((name, StockSet::from_bytes(&bytes, index.len()).unwrap()));
    }
    assert_eq!(sets.len(), 3);
    assert!(sets.iter().all(|(_, set)| set.products().count() > 0));
    for query in [
        "",
        "q=botle",
        "q=rope+60&limit=2",
        "q=steel+zzzz",
        "q=zzzz&verbatim=true",
        "category=Camp&sort=price_desc",
        "near=ams-1,par-1,lyo-1",
        "location_id=par-1&available=true",
        "location_id=ams-1,lyo-1&available=true&near=lyo-1&q=l",
        "limit=2&cursor=2",
    ] {
        let answer = app.get(&format!("/v1/products?{query}")).await;
        let here = ask(&index, query, &sets);
        assert_eq!(std::str::from_utf8(&answer.body).unwrap(), here, "{query}");
        // And both are as the contract has it.
        let page: api_contract::product::ProductPage = serde_json::from_str(&here).unwrap();
        assert_eq!(serde_json::to_value(&page).unwrap(), serde_json::from_str::<Value>(&here).unwrap(), "{query}");
    }
}

#[tokio::test]
async fn the_index_travels_in_brotli_where_that_is_understood() {
    let app = TestApp::new().await;
    let (id, _) = index(&app).await;
    let path = format!("/v1/search/indexes/{id}");
    let plain = app.get(&path).await.body;
    let state = app.state.clone();
    let ready = async {
        while !state.catalog.load().products.search().download().is_compressed() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), ready).await.unwrap();
    let ask = |accepts: &str| HttpRequest::get(&path).header("accept-encoding", accepts).body(Body::empty()).unwrap();
    let tight = app.send_raw(ask("gzip, br")).await;
    assert_eq!(tight.headers["content-encoding"], "br");
    let mut opened = Vec::new();
    brotli::BrotliDecompress(&mut &*tight.body, &mut opened).unwrap();
    assert_eq!(opened, plain.to_vec());
    for not in ["", "br;q=0", "identity"] {
        let answer = app.send_raw(ask(not)).await;
        assert!(answer.headers.get("content-encoding").is_none_or(|encoding| encoding != "br"), "{not}");
    }
}

#[tokio::test]
async fn what_is_sold_is_gone_from_the_set() {
    let app = TestApp::new().await;
    let (id, index) = index(&app).await;
    let bottle = index.doc(BOTTLE).unwrap();
    let path = format!("/v1/search/stock?index={id}&location_id=lyo-1");
    let has = |answer: &Value| {
        let bytes = unbase64(answer["locations"][0]["products"].as_str().unwrap());
        StockSet::from_bytes(&bytes, index.len()).unwrap().contains(bottle)
    };
    assert!(has(&app.get(&path).await.ok()));
    let feed = app.token("feed").await;
    let none = json!([{
        "location_id": "lyo-1", "sku": BOTTLE, "kind": "set", "quantity": 0, "source": "till", "sequence": 1
    }]);
    app.change(&feed, none).await.ok();
    app.clock.advance(6_000);
    assert!(!has(&app.get(&path).await.ok()));
}

#[tokio::test]
async fn an_index_that_is_not_the_present_one_is_not_there() {
    let app = TestApp::new().await;
    let (id, _) = index(&app).await;
    app.get("/v1/search/indexes/0123456789abcdef0123").await.problem(404, "not-found");
    app.get("/v1/search/indexes/%ff").await.problem(404, "not-found");
    app.get("/v1/search/stock?index=other&location_id=lyo-1").await.problem(404, "not-found");
    for (query, pointer) in [
        (format!("index={id}"), "?location_id"),
        ("location_id=lyo-1".to_owned(), "?index"),
        (format!("index={id}&location_id={}", vec!["a"; 51].join(",")), "?location_id"),
        (format!("index={id}&location_id=a%00b"), "?location_id"),
        (format!("index={id}&location_id=a&more=1"), "?more"),
    ] {
        let problem = app.get(&format!("/v1/search/stock?{query}")).await.problem(422, "invalid-request");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{query}");
    }
}

fn unbase64(text: &str) -> Vec<u8> {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = text.trim_end_matches('=').chars().map(|c| DIGITS.find(c).unwrap());
    let (mut bits, mut count, mut out) = (0usize, 0, Vec::new());
    for digit in digits {
        bits = bits << 6 | digit;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from(bits >> count & 0xFF).unwrap());
        }
    }
    out
}
