use std::time::Duration;

use nearshelf_server::db::{Deed, Doer};
use nearshelf_server::import::{self, ImportFiles};
use nearshelf_server::serve;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::schema;
use crate::seed::BOTTLE;
use crate::support::{Event, TestApp, wish};

const BOTH: &str = "/v1/availability/events?location_id=lyo-1&location_id=lyo-2&sku=BO-075-GLA&sku=TENT-2";

async fn set(app: &TestApp, location: &str, sku: &str, quantity: i64, sequence: u64) {
    let token = app.token("feed").await;
    let row = json!({ "location_id": location, "sku": sku, "kind": "set", "quantity": quantity, "source": "t", "sequence": sequence });
    assert_eq!(app.change(&token, json!([row])).await.ok()["results"][0]["verdict"], "applied");
}

fn state(event: &Event) -> (&str, &str, &str, i64) {
    assert_eq!(event.name, "availability", "{event:?}");
    let schema = json!({ "$ref": "#/components/schemas/AvailabilityEvent" });
    schema::valid(&schema, &event.data).unwrap();
    let text = |field: &str| event.data[field].as_str().unwrap();
    (text("location_id"), text("sku"), text("state"), event.data["quantity"].as_i64().unwrap_or(-1))
}

#[tokio::test]
async fn a_screen_gets_a_snapshot_and_then_every_change() {
    let app = TestApp::new().await;
    let mut events = app.stream(BOTH, None).await;
    assert_eq!(events.headers["content-type"], "text/event-stream");
    assert_eq!(events.headers["cache-control"], "no-store");
    assert_eq!(events.headers["x-accel-buffering"], "no");
    let reset = events.next().await;
    assert_eq!(reset.name, "reset");
    let mut snapshot = Vec::new();
    for _ in 0..4 {
        snapshot.push(events.next().await);
    }
    let mut states: Vec<_> = snapshot.iter().map(state).collect();
    states.sort_unstable();
    assert_eq!(
        states,
        [
            ("lyo-1", BOTTLE, "available", 5),
            ("lyo-1", "TENT-2", "limited", 1),
            ("lyo-2", BOTTLE, "available", 8),
            ("lyo-2", "TENT-2", "limited", 3),
        ]
    );
    // Each kind of write is heard of.
    set(&app, "lyo-1", BOTTLE, 0, 1).await;
    assert_eq!(state(&events.next().await), ("lyo-1", BOTTLE, "unavailable", 0));
    let made = app.reserve("k", &wish("lyo-1", &[("TENT-2", 1)])).await.ok();
    assert_eq!(state(&events.next().await), ("lyo-1", "TENT-2", "unavailable", 0));
    let hash = nearshelf_server::random::sha256(made["manage_token"].as_str().unwrap().as_bytes());
    let id = domain::id::ReservationId::new(made["id"].as_str().unwrap()).unwrap();
    app.state.db.act(id, Doer::Owner(hash), Deed::Cancel).await.unwrap();
    assert_eq!(state(&events.next().await), ("lyo-1", "TENT-2", "limited", 1));
    app.reserve("k2", &wish("lyo-1", &[("TENT-2", 1)])).await.ok();
    assert_eq!(state(&events.next().await).2, "unavailable");
    app.clock.advance(49 * 3_600_000);
    app.state.db.sweep().await.unwrap();
    assert_eq!(state(&events.next().await), ("lyo-1", "TENT-2", "limited", 1));
    // What others watch, and what was refused, is not.
    set(&app, "par-1", BOTTLE, 3, 1).await;
    app.reserve("k3", &wish("lyo-1", &[(BOTTLE, 1)])).await.problem(409, "insufficient-stock");
    assert!(events.try_next(Duration::from_millis(100)).await.is_none());
}

#[tokio::test]
async fn a_screen_that_comes_back_gets_what_it_missed() {
    let app = TestApp::new().await;
    let mut events = app.stream(BOTH, None).await;
    let mut last = Event::default();
    for _ in 0..5 {
        last = events.next().await;
    }
    drop(events);
    set(&app, "lyo-1", BOTTLE, 3, 1).await;
    set(&app, "lyo-1", BOTTLE, 2, 2).await;
    set(&app, "par-1", BOTTLE, 1, 1).await;
    set(&app, "lyo-2", "TENT-2", 0, 1).await;
    let mut events = app.stream(BOTH, Some(&last.id)).await;
    let (first, second) = (events.next().await, events.next().await);
    // The two changes of one shelf are one: the last state wins.
    assert_eq!(state(&first), ("lyo-1", BOTTLE, "limited", 2));
    assert_eq!(state(&second), ("lyo-2", "TENT-2", "unavailable", 0));
    assert!(last.seq() < first.seq() && first.seq() < second.seq());
    assert!(events.try_next(Duration::from_millis(100)).await.is_none());
    // Up to date already: silence, and then the next change.
    let mut events = app.stream(BOTH, Some(&second.id)).await;
    assert!(events.try_next(Duration::from_millis(100)).await.is_none());
    set(&app, "lyo-1", BOTTLE, 9, 3).await;
    assert_eq!(state(&events.next().await), ("lyo-1", BOTTLE, "available", 9));
}

#[tokio::test]
async fn a_position_that_means_nothing_here_starts_anew() {
    let app = TestApp::new().await;
    let mut events = app.stream(BOTH, None).await;
    let reset = events.next().await;
    let incomplete = events.next().await;
    let epoch = reset.id.rsplit_once('-').unwrap().0.to_owned();
    let long = "9".repeat(10_000);
    for id in [
        "0",
        "x",
        "",
        "-",
        &format!("{epoch}-"),
        &format!("{epoch}-999"),
        &format!("{epoch}-+2"),
        "other-2",
        &long,
        &reset.id,
        &incomplete.id,
    ] {
        let mut events = app.stream(BOTH, Some(id)).await;
        assert_eq!(events.next().await.name, "reset", "{id}");
        let mut last = Event::default();
        for _ in 0..4 {
            last = events.next().await;
            state(&last);
        }
        assert_ne!(last.seq(), 0);
    }
}

#[tokio::test]
async fn a_position_that_is_older_than_what_is_kept_starts_anew() {
    let app = TestApp::new().await;
    let mut events = app.stream(BOTH, None).await;
    let mut last = Event::default();
    for _ in 0..5 {
        last = events.next().await;
    }
    let change = nearshelf_server::db::ShelfChange {
        location: domain::id::LocationId::new("ber-1").unwrap(),
        sku: domain::id::Sku::new("ROPE-60").unwrap(),
        shelf: None,
        as_of: app.clock.now(),
    };
    app.state.hub.publish(&vec![change.clone(); 8192]);
    assert!(app.stream(BOTH, Some(&last.id)).await.try_next(Duration::from_millis(100)).await.is_none());
    app.state.hub.publish(&[change]);
    assert_eq!(app.stream(BOTH, Some(&last.id)).await.next().await.name, "reset");
}

#[tokio::test]
async fn a_screen_that_does_not_read_finds_the_last_state_only() {
    let app = TestApp::new().await;
    let mut events = app.stream(BOTH, None).await;
    for _ in 0..5 {
        events.next().await;
    }
    for n in 0..200 {
        set(&app, "lyo-1", BOTTLE, n, u64::try_from(n).unwrap() + 1).await;
    }
    assert_eq!(state(&events.next().await), ("lyo-1", BOTTLE, "available", 199));
    assert!(events.try_next(Duration::from_millis(100)).await.is_none());
}

#[tokio::test]
async fn an_import_by_another_process_makes_screens_start_anew() {
    let app = TestApp::new().await;
    let before = app.state.db.catalog_generation().await.unwrap();
    let mut events = app.stream(BOTH, None).await;
    for _ in 0..5 {
        events.next().await;
    }
    set(&app, "lyo-1", BOTTLE, 4, 1).await;
    events.next().await;
    assert_eq!(app.state.db.catalog_generation().await.unwrap(), before, "an own write is no import");
    let feed = app.dir.path().join("inventory.tsv");
    std::fs::write(&feed, "store_code\tid\tquantity\nlyo-2\tTENT-2\t77\n").unwrap();
    let files = ImportFiles { inventory: Some(feed), ..ImportFiles::default() };
    let mut other = nearshelf_server::db::sqlite::open(app.state.db.path()).unwrap();
    import::run(&mut other, &files, app.clock.now(), false).unwrap();
    assert!(app.state.db.catalog_generation().await.unwrap() > before);
    app.state.reload().await.unwrap();
    assert_eq!(events.next().await.name, "reset");
    let mut quantities = Vec::new();
    for _ in 0..4 {
        quantities.push(state(&events.next().await).3);
    }
    assert!(quantities.contains(&77));
}

#[tokio::test]
async fn a_stream_names_its_shops_and_products() {
    let app = TestApp::new().await;
    let many = |name: &str, count: usize| (0..count).map(|n| format!("{name}=x{n}")).collect::<Vec<_>>().join("&");
    for (query, pointer) in [
        (String::new(), "?location_id"),
        ("location_id=lyo-1".to_owned(), "?sku"),
        (format!("sku={BOTTLE}"), "?location_id"),
        (format!("{}&sku={BOTTLE}", many("location_id", 201)), "?location_id"),
        (format!("location_id=lyo-1&{}", many("sku", 201)), "?sku"),
        (format!("location_id=lyo-1&sku={BOTTLE}&since=3"), "?since"),
    ] {
        let problem = app.get(&format!("/v1/availability/events?{query}")).await.problem(422, "invalid-request");
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    // Unknown ones are passed over; 200 are fine.
    let query = format!("{}&location_id=lyo-1&sku={BOTTLE}&sku=nothing&sku=%00", many("location_id", 199));
    let mut events = app.stream(&format!("/v1/availability/events?{query}"), None).await;
    assert_eq!(events.next().await.name, "reset");
    assert_eq!(state(&events.next().await).1, BOTTLE);
    assert!(events.try_next(Duration::from_millis(50)).await.is_none());
    let mut nobody = app.stream("/v1/availability/events?location_id=x&sku=y", None).await;
    let reset = nobody.next().await;
    assert_eq!((reset.name.as_str(), reset.seq() > 0), ("reset", true));
    drop((events, nobody));
    assert_eq!(app.state.hub.screens(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_end_and_requests_finish_when_the_server_goes_down() {
    let app = TestApp::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(serve::run(listener, app.router.clone(), app.state.hub.clone(), async {
        let _ = stopped.await;
    }));
    let mut socket = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {BOTH} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip, br\r\n\r\n");
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut text = String::new();
    let mut buffer = vec![0; 16_384];
    while text.matches("event: availability").count() < 4 {
        let read = tokio::time::timeout(Duration::from_secs(2), socket.read(&mut buffer)).await.unwrap().unwrap();
        text.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
    }
    assert!(text.starts_with("HTTP/1.1 200"));
    assert!(!text.to_lowercase().contains("content-encoding"));
    assert!(text.len() > 2048);
    let begun = std::time::Instant::now();
    stop.send(()).unwrap();
    let mut rest = Vec::new();
    tokio::time::timeout(Duration::from_secs(3), socket.read_to_end(&mut rest)).await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&rest).contains("retry: "));
    tokio::time::timeout(Duration::from_secs(3), server).await.unwrap().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_silent_line_beats_every_fifteen_seconds() {
    let app = TestApp::new().await;
    let mut events = app.stream(BOTH, None).await;
    let mut last = Event::default();
    for _ in 0..5 {
        last = events.next().await;
    }
    let beat = events.try_next(Duration::from_secs(16)).await.unwrap();
    assert_eq!((beat.name.as_str(), &beat.id), ("heartbeat", &last.id));
    let data: Value = beat.data;
    assert_eq!(data["as_of"], crate::seed::NOW);
}
