use axum::body::Body;
use axum::http::Request;
use domain::geo::Position;
use domain::hours::Schedule;
use domain::hours::osm::OsmHours;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::TestApp;

fn ids(answer: &Value) -> Vec<&str> {
    answer["locations"].as_array().unwrap().iter().map(|l| l["id"].as_str().unwrap()).collect()
}

async fn search(app: &TestApp, body: Value) -> Value {
    app.post("/v1/locations/search", &body).await.ok()
}

#[tokio::test]
async fn without_a_place_shops_come_by_name() {
    let app = TestApp::new().await;
    let answer = search(&app, json!({})).await;
    assert_eq!(ids(&answer), ["ams-1", "ber-1", "lyo-2", "lyo-1", "par-1", "par-2", "lyo-3", "lod-1"]);
    assert_eq!(answer["pagination"]["total"], 8);
    assert!(answer["locations"][0].get("distance_m").is_none());
}

#[tokio::test]
async fn with_a_place_the_nearest_comes_first_and_says_how_far() {
    let app = TestApp::new().await;
    let center = json!({ "latitude": 45.7606, "longitude": 4.8556 });
    let answer = search(&app, json!({ "distance": { "center": center, "max": 5000 } })).await;
    assert_eq!(ids(&answer), ["lyo-1", "lyo-3", "lyo-2"]);
    assert_eq!(answer["locations"][0]["distance_m"], 4);
    let far =
        search(&app, json!({ "distance": { "center": { "latitude": -80, "longitude": 179.9 }, "max": 10 } })).await;
    assert_eq!(ids(&far), [""; 0]);
}

#[tokio::test]
async fn words_find_shops_whatever_their_accents() {
    let app = TestApp::new().await;
    for (query, expected) in [
        ("lodz", vec!["lod-1"]),
        ("LYON bellecour", vec!["lyo-2"]),
        ("69", vec!["lyo-2", "lyo-1", "lyo-3"]),
        ("1012ab", vec!["ams-1"]),
        ("ile de france", vec!["par-1", "par-2"]),
        ("emile zola", vec!["lyo-3"]),
        ("nowhere", vec![]),
        ("  ...  ", vec!["ams-1", "ber-1", "lyo-2", "lyo-1", "par-1", "par-2", "lyo-3", "lod-1"]),
    ] {
        assert_eq!(ids(&search(&app, json!({ "query": query })).await), expected, "{query}");
    }
}

#[tokio::test]
async fn filters_hold_together() {
    let app = TestApp::new().await;
    // 12:00Z is 13:00 in Lyon, in the lunch break of lyo-1; par-2 never said when it is open.
    let open = search(&app, json!({ "filters": { "hours": { "open_at": "2026-11-20T12:00:00Z" } } })).await;
    assert_eq!(ids(&open), ["ams-1", "ber-1", "lyo-2", "par-1", "lyo-3"]);
    // 01:00Z on Saturday is 02:00 in Łódź, where Friday ends at three.
    let night = search(&app, json!({ "filters": { "hours": { "open_at": "2026-11-21T01:00:00Z" } } })).await;
    assert_eq!(ids(&night), ["ber-1", "lod-1"]);
    let access = search(&app, json!({ "filters": { "amenities": ["wheelchair-access", "cafe"] } })).await;
    assert_eq!(ids(&access), ["lyo-1"]);
    let items = json!([{ "sku": "TENT-2", "quantity": 2 }, { "sku": "ROPE-60", "quantity": 1 }]);
    assert_eq!(ids(&search(&app, json!({ "filters": { "items": items } })).await), ["lyo-2"]);
}

#[tokio::test]
async fn a_filter_that_means_nothing_is_an_error_and_is_named() {
    let app = TestApp::new().await;
    for (filters, pointer) in [
        (json!({ "amenities": ["cafe", "helipad"] }), "/filters/amenities/1"),
        (json!({ "amenities": [""] }), "/filters/amenities/0"),
        (json!({ "hours": { "open_at": "soon" } }), "/filters/hours/open_at"),
        (json!({ "hours": { "open_at": "2026-11-20T10:00:00" } }), "/filters/hours/open_at"),
    ] {
        let answer = app.post("/v1/locations/search", &json!({ "filters": filters })).await;
        let problem = answer.problem(422, "invalid-request");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
}

#[tokio::test]
async fn hours_in_words_are_sent_as_words_and_as_numbers_where_they_are_understood() {
    let app = TestApp::with(|config, _| {
        let connection = nearshelf_server::db::sqlite::open(&config.db).unwrap();
        let put = |id: &str, schedule: &Schedule| {
            let json = serde_json::to_string(schedule).unwrap();
            connection.execute("UPDATE location SET schedule = ?2 WHERE id = ?1", (id, json)).unwrap();
        };
        put("lyo-1", &OsmHours::schedule("Mo-Fr 09:00-18:00; PH off").unwrap());
        put("lyo-2", &OsmHours::schedule("Mo-Sa 10:00-19:00; Dec 08 off; Dec Su 10:00-18:00").unwrap());
        put("lyo-3", &Schedule { text: Some("by appointment".to_owned()), ..Schedule::default() });
        put("par-1", &OsmHours::schedule("Mo unknown; Tu-Sa 10:00-19:00").unwrap());
    })
    .await;
    let shop = async |id: &str| app.get(&format!("/v1/locations/{id}")).await.ok();
    let holidays = shop("lyo-1").await;
    assert_eq!(
        (&holidays["hours_text"], holidays["hours"].as_array().unwrap().len()),
        (&json!("Mo-Fr 09:00-18:00; PH off"), 5)
    );
    // The usual week of the coming four, from 20 November on: two Sundays in December of four, the first kind first.
    let seasons = shop("lyo-2").await;
    assert_eq!(seasons["hours"].as_array().unwrap().len(), 6);
    let days = seasons["exception_hours"].as_array().unwrap();
    let days: Vec<_> = days.iter().map(|day| (day["valid_from"].as_str().unwrap(), day["opens"].as_str())).collect();
    assert_eq!(days, [("2026-12-06", Some("10:00")), ("2026-12-08", None), ("2026-12-13", Some("10:00"))]);
    assert!(seasons["open_spans"].as_array().unwrap().len() >= 11);
    let words = shop("lyo-3").await;
    assert_eq!(words["hours_text"], "by appointment");
    assert!(words.get("hours").is_none() && words.get("open_spans").is_none());
    // Friday and Saturday are known, and closed on Sunday; of Monday nobody knows.
    let some = shop("par-1").await;
    assert_eq!(
        (some["open_spans"].as_array().unwrap().len(), &some["open_known_until"]),
        (2, &json!("2026-11-22T23:00:00Z"))
    );
    assert!(shop("ber-1").await.get("hours_text").is_none());
}

#[tokio::test]
async fn any_instant_may_be_asked_for() {
    let app = TestApp::new().await;
    // Fridays at 11:00 in Lyon, years away in both directions, in summer and in winter.
    for (at, open) in [
        ("2031-07-04T09:00:00Z", true),
        ("2001-01-05T10:00:00Z", true),
        ("2031-07-04T03:00:00Z", false),
        ("9999-12-31T23:59:59Z", false),
        ("1970-01-01T00:00:00Z", false),
    ] {
        let found = search(&app, json!({ "filters": { "hours": { "open_at": at } } })).await;
        assert_eq!(ids(&found).contains(&"lyo-1"), open, "{at}");
    }
}

#[tokio::test]
async fn pages_together_are_the_whole_list() {
    let app = TestApp::new().await;
    let (mut cursor, mut all) = (Value::Null, Vec::new());
    loop {
        let mut pagination = json!({ "limit": 3 });
        if !cursor.is_null() {
            pagination["cursor"] = cursor;
        }
        let page = search(&app, json!({ "pagination": pagination })).await;
        all.extend(ids(&page).into_iter().map(str::to_owned));
        cursor = page["pagination"]["next_cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!(all, ids(&search(&app, json!({})).await));
}

#[tokio::test]
async fn one_shop_is_told_with_its_hours_and_kept_by_its_tag() {
    let app = TestApp::new().await;
    let answer = app.get("/v1/locations/lyo-1").await;
    let shop = answer.ok();
    assert_eq!(shop["address"]["postal_code"], "69003");
    assert_eq!(shop["hours"].as_array().unwrap().len(), 12);
    assert_eq!(shop["amenities"]["wheelchair-access"]["description"], "Wheelchair access");
    assert_eq!(shop["open_spans"][0]["closes_at"], "2026-11-20T11:30:00Z");
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    let tag = answer.header("etag").to_owned();
    let again = Request::get("/v1/locations/lyo-1").header("if-none-match", &tag).body(Body::empty()).unwrap();
    let again = app.send(again).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    assert_eq!(app.get("/v1/locations/lyo-3").await.ok()["pickup"]["enabled"], false);
    let unknown = app.get("/v1/locations/par-2").await.ok();
    assert!(unknown.get("open_spans").is_none() && unknown.get("hours").is_none());
}

#[tokio::test]
async fn a_shop_that_does_not_exist_is_not_found() {
    let app = TestApp::new().await;
    for id in ["nowhere", "%00", "a%20b", "%ff", "..%2f..%2fetc", "%C5%81"] {
        app.get(&format!("/v1/locations/{id}")).await.problem(404, "not-found");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn the_nearest_are_exactly_those_that_counting_all_finds(
        latitude in -90.0..=90.0_f64,
        longitude in -180.0..=180.0_f64,
        places in prop::collection::vec((-90.0..=90.0_f64, -180.0..=180.0_f64), 30..60),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let app = TestApp::new().await;
            let connection = nearshelf_server::db::sqlite::open(app.state.db.path()).unwrap();
            connection.execute_batch("DELETE FROM stock; DELETE FROM location;").unwrap();
            for (place, (latitude, longitude)) in places.iter().enumerate() {
                let sql = "INSERT INTO location (id, name, latitude, longitude, timezone, schedule)
                           VALUES (?1, ?1, ?2, ?3, 'UTC', '{\"weekly\":null,\"exceptions\":[]}')";
                connection.execute(sql, rusqlite::params![format!("s{place:03}"), latitude, longitude]).unwrap();
            }
            app.state.reload().await.unwrap();
            let here = Position::new(latitude, longitude).unwrap();
            let mut expected: Vec<(f64, String)> = places
                .iter()
                .enumerate()
                .map(|(place, (lat, lon))| (here.distance_m(Position::new(*lat, *lon).unwrap()), format!("s{place:03}")))
                .collect();
            expected.sort_by(|a, b| a.partial_cmp(b).unwrap());
            let body = json!({ "distance": { "center": { "latitude": latitude, "longitude": longitude } } });
            let answer = search(&app, body).await;
            let expected: Vec<&str> = expected.iter().take(20).map(|(_, id)| id.as_str()).collect();
            assert_eq!(ids(&answer), expected);
        });
    }
}

#[tokio::test]
async fn fifty_thousand_shops_at_one_point_are_imported_and_searched() {
    const SHOPS: usize = 50_000;
    let app = TestApp::with(|config, dir| {
        let header = "Store code,Business name,Latitude,Longitude,Time zone,Opening hours".to_owned();
        let feed = (0..SHOPS).fold(header, |mut feed, n| {
            use std::fmt::Write;
            write!(
                feed,
                "\nmall-{n},Mall {n},45.1,4.1,Europe/Paris,Apr-Oct Mo-Sa 09:00-20:00; Nov-Mar Mo-Sa 10:00-19:00"
            )
            .unwrap();
            feed
        });
        let path = dir.path().join("stores.csv");
        std::fs::write(&path, feed).unwrap();
        let files = nearshelf_server::import::ImportFiles { stores: Some(path), ..Default::default() };
        let mut connection = nearshelf_server::db::sqlite::open(&config.db).unwrap();
        let begun = std::time::Instant::now();
        let report = nearshelf_server::import::run(&mut connection, &files, config.clock.now(), false).unwrap();
        println!("import of {SHOPS}: {:?}", begun.elapsed());
        assert_eq!(report.files[0].taken, 50_000, "{report}");
    })
    .await;
    let near = json!({ "center": { "latitude": 45.1, "longitude": 4.1 }, "max": 1.0 });
    let hours = json!({ "hours": { "open_at": "2026-11-20T10:00:00Z" } });
    for (name, asked) in [
        ("near", json!({ "distance": near })),
        ("open, first time", json!({ "distance": near, "filters": hours })),
        ("open", json!({ "distance": near, "filters": hours })),
        ("words", json!({ "query": "mall" })),
    ] {
        let begun = std::time::Instant::now();
        let mut asked = asked;
        asked["pagination"] = json!({ "limit": 20 });
        let found = search(&app, asked).await;
        println!("{name}: {:?}", begun.elapsed());
        assert_eq!((&found["pagination"]["total"], ids(&found).len()), (&json!(SHOPS), 20));
    }
}

#[tokio::test]
async fn the_file_of_all_shops_answers_as_the_server_does() {
    use places::{Shops, ShopsAsked};

    let app = TestApp::new().await;
    let info = app.get("/v1/location-index").await.ok();
    let file = app.get(info["url"].as_str().unwrap()).await;
    assert!(file.header("cache-control").contains("immutable"));
    let shops = Shops::open(file.text().to_owned()).unwrap();
    let now = app.clock.now();
    let lyon = Position::new(45.76, 4.85).ok();
    let words = String::new();
    let base = ShopsAsked { words, center: None, max_m: None, open_at: None, amenities: vec![], offset: 0, limit: 3 };
    let center = json!({"latitude": 45.76, "longitude": 4.85});
    for (body, asked) in [
        (json!({}), base.clone()),
        (json!({"distance": {"center": center}}), ShopsAsked { center: lyon, ..base.clone() }),
        (
            json!({"distance": {"center": center, "max": 4000.0}}),
            ShopsAsked { center: lyon, max_m: Some(4000.0), ..base.clone() },
        ),
        (
            json!({"distance": {"center": center}, "pagination": {"limit": 3, "cursor": "3"}}),
            ShopsAsked { center: lyon, offset: 3, ..base.clone() },
        ),
        (json!({"query": "1012ab"}), ShopsAsked { words: "1012ab".to_owned(), ..base.clone() }),
        (json!({"query": "lodz PIOTR"}), ShopsAsked { words: "lodz PIOTR".to_owned(), ..base.clone() }),
        (json!({"filters": {"hours": {"open_at": now}}}), ShopsAsked { open_at: Some(now), ..base.clone() }),
        (
            json!({"filters": {"amenities": ["wheelchair-access"]}}),
            ShopsAsked { amenities: vec!["wheelchair-access".to_owned()], ..base.clone() },
        ),
    ] {
        let mut body = body;
        if body.get("pagination").is_none() {
            body["pagination"] = json!({"limit": 3});
        }
        let mut told = search(&app, body.clone()).await;
        for shop in told["locations"].as_array_mut().unwrap() {
            for name in ["hours", "exception_hours", "hours_text"] {
                shop.as_object_mut().unwrap().remove(name);
            }
        }
        let own: Value = serde_json::from_str(&shops.answer_json(&asked, now).unwrap()).unwrap();
        assert!(!own["locations"].as_array().unwrap().is_empty(), "{body}");
        assert_eq!(own, told, "{body}");
    }
    app.get("/v1/location-indexes/gone").await.problem(404, "not-found");
}
