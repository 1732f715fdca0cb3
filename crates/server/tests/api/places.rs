//! Postcodes and towns: those of the shops, and imported ones.

use domain::geo::Position;
use nearshelf_server::db::sqlite;
use nearshelf_server::import::{self, ImportFiles};
use places::Places;

use crate::support::TestApp;

const GAZETTEER: &str = "FR\t69003\tLyon 03\tAuvergne-Rhône-Alpes\t84\tRhône\t69\t\t\t45.7612\t4.8518\t5\n\
    FR\t69003\tLyon\tAuvergne-Rhône-Alpes\t84\tRhône\t69\t\t\t45.7485\t4.8467\t5\n\
    FR\t69002\tLyon\tAuvergne-Rhône-Alpes\t84\tRhône\t69\t\t\t45.7485\t4.8467\t5\n\
    US\t62701\tSpringfield\tIllinois\tIL\tSangamon\t167\t\t\t39.8\t-89.6495\t4\n\
    US\t01101\tSpringfield\tMassachusetts\tMA\tHampden\t013\t\t\t42.1062\t-72.5977\t4\n\
    US\t00000\tNowhere\t\t\t\t\t\t\t91\t0\t4\n";

/// Imports a gazetteer as another process would, and lets the server notice.
async fn import(app: &TestApp, text: &str) -> Result<import::ImportReport, import::ImportError> {
    let path = app.dir.path().join("places.txt");
    std::fs::write(&path, text).unwrap();
    let mut connection = sqlite::open(&app.dir.path().join("shop.db")).unwrap();
    let files = ImportFiles { places: vec![path], ..ImportFiles::default() };
    let report = import::run(&mut connection, &files, app.clock.now(), false)?;
    app.state.reload().await.unwrap();
    Ok(report)
}

#[tokio::test]
async fn without_a_gazetteer_the_towns_of_the_shops_are_known() {
    let app = TestApp::new().await;
    let found = app.get("/v1/places/search?q=lyo").await.ok();
    assert_eq!(found["match"], "exact");
    assert_eq!(found["places"][0]["label"], "Lyon");
    assert!(found.get("credit").is_none());
    assert_eq!(app.get("/v1/places/search?q=zzz").await.ok()["match"], "none");
}

#[tokio::test]
async fn what_was_imported_is_found_and_the_bad_line_is_named() {
    let app = TestApp::new().await;
    let report = import(&app, GAZETTEER).await.unwrap();
    assert_eq!((report.files[0].taken, report.files[0].refused.count), (5, 1));
    assert_eq!(report.files[0].refused.first[0].line, 6);
    assert!(report.to_string().contains("latitude"), "{report}");
    let found = app.get("/v1/places/search?q=69003&limit=1").await.ok();
    assert_eq!((&found["places"][0]["label"], &found["places"][0]["country"]), (&"69003 Lyon".into(), &"FR".into()));
    assert_eq!(found["credit"], "GeoNames, CC BY 4.0");
    let found = app.get("/v1/places/search?q=springfield").await.ok();
    assert_eq!((&found["match"], found["places"].as_array().unwrap().len()), (&"ambiguous".into(), 2));
    let found = app.get("/v1/places/search?q=springfield&latitude=42.4&longitude=-71").await.ok();
    assert_eq!(found["places"][0]["detail"], "01101, Massachusetts, US");
    let found = app.get("/v1/places/search?q=69099").await.ok();
    assert_eq!((&found["match"], &found["showing"]), (&"near".into(), &"690…".into()));
}

#[tokio::test]
async fn the_file_answers_as_the_server_does_and_its_address_is_for_ever() {
    let app = TestApp::new().await;
    let before = app.get("/v1/places").await.ok();
    import(&app, GAZETTEER).await.unwrap();
    let info = app.get("/v1/places").await.ok();
    assert_eq!((&info["rows"], &info["countries"]), (&5.into(), &serde_json::json!(["FR", "US"])));
    let file = app.get(info["url"].as_str().unwrap()).await;
    assert!(file.header("cache-control").contains("immutable"));
    let places = Places::open(&file.body).unwrap();
    let near = Position::new(42.4, -71.0).ok();
    let answer = app.get("/v1/places/search?q=springfield&latitude=42.4&longitude=-71").await;
    assert_eq!(answer.text(), places.answer_json("springfield", near, 5));
    app.get(before["url"].as_str().unwrap()).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_file_that_is_no_gazetteer_changes_nothing() {
    let app = TestApp::new().await;
    import(&app, GAZETTEER).await.unwrap();
    for bad in ["", "store_code,id\n1,2\n", "US\t1\n", "PK\u{3}\u{4}"] {
        import(&app, bad).await.unwrap_err();
    }
    assert_eq!(app.get("/v1/places").await.ok()["rows"], 5);
    // A sheet with the columns by name is one.
    let sheet = "country,postal_code,place,admin1,admin1_code,admin2,admin2_code,lat,lon\n\
        DE,70767,\"Rieger, Werbeagentur\",Baden-Württemberg,01,,,48.6933,9.1296\n";
    import(&app, sheet).await.unwrap();
    assert_eq!(app.get("/v1/places/search?q=D-70767").await.ok()["places"][0]["label"], "70767 Rieger, Werbeagentur");
}

#[tokio::test]
async fn bad_questions_are_named() {
    let app = TestApp::new().await;
    for (query, field) in [
        ("q=x&latitude=91&longitude=0", "?latitude"),
        ("q=x&latitude=NaN&longitude=0", "?latitude"),
        ("q=x&latitude=1", "?longitude"),
        ("q=x&longitude=1", "?latitude"),
        ("q=x&latitude=here&longitude=0", "?latitude"),
        ("q=x&limit=0", "?limit"),
        ("q=x&limit=21", "?limit"),
        ("q=x&county=FR", "?county"),
        ("q=x&q=y", "?q"),
    ] {
        let answer = app.get(&format!("/v1/places/search?{query}")).await;
        assert!(answer.text().contains(field), "{query}: {}", answer.text());
        answer.problem(422, "invalid-request");
    }
    app.get(&format!("/v1/places/search?q={}", "x".repeat(201))).await.problem(422, "invalid-request");
    app.get("/v1/places/search").await.ok();
}
