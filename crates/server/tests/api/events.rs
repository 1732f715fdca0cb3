use std::time::Duration;

use domain::id::{LocationId, Sku};
use domain::inventory::Shelf;
use nearshelf_server::db::{Deed, Doer};
use nearshelf_server::db::{ShelfChange, sqlite};
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

fn change(app: &TestApp, location: &str, sku: &str, on_hand: i64) -> ShelfChange {
    ShelfChange {
        location: LocationId::new(location).unwrap(),
        sku: Sku::new(sku).unwrap(),
        shelf: Some(Shelf { on_hand: Some(on_hand), safety_stock: 0, held: 0 }),
        as_of: app.clock.now(),
    }
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
async fn d02_a_screen_that_comes_back_gets_what_it_missed() {
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
async fn d02_a_position_that_means_nothing_here_starts_anew() {
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
async fn d02_a_position_that_is_older_than_what_is_kept_starts_anew() {
    let app = TestApp::new().await;
    let mut events = app.stream(BOTH, None).await;
    let mut last = Event::default();
    for _ in 0..5 {
        last = events.next().await;
    }
    // Of one shelf only the last change is kept, so these are of as many shelves.
    let changes: Vec<ShelfChange> = (0..8193).map(|n| change(&app, "ber-1", &format!("p{n}"), 0)).collect();
    app.state.hub.publish(&changes[..8192]);
    assert!(app.stream(BOTH, Some(&last.id)).await.try_next(Duration::from_millis(100)).await.is_none());
    app.state.hub.publish(&changes[8192..]);
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
    // Another screen that connects is told of all that was committed before, and so are those that are there.
    drop(app.stream(BOTH, None).await);
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
async fn d13_a_stream_names_its_shops_and_products() {
    let app = TestApp::new().await;
    let many = |name: &str, count: usize| (0..count).map(|n| format!("{name}=x{n}")).collect::<Vec<_>>().join("&");
    for (query, pointer) in [
        (String::new(), "?location_id"),
        ("location_id=lyo-1".to_owned(), "?sku"),
        (format!("sku={BOTTLE}"), "?location_id"),
        (format!("{}&sku={BOTTLE}", many("location_id", 201)), "?location_id"),
        (format!("location_id=lyo-1&{}", many("sku", 201)), "?sku"),
        (format!("{}&sku={BOTTLE}", many("location_id", 3_000)), "?location_id"),
        (format!("location_id=lyo-1&sku={BOTTLE}&since=3"), "?since"),
    ] {
        let problem = app.get(&format!("/v1/availability/events?{query}")).await.problem(422, "invalid-request");
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    // Unknown ones are passed over; 200 are fine.
    let query = format!("{}&location_id=lyo-1&sku={BOTTLE}&sku={BOTTLE}&sku=nothing&sku=%00", many("location_id", 199));
    let mut events = app.stream(&format!("/v1/availability/events?{query}"), None).await;
    events.heard(": 1 of 200 shops and 1 of 4 products\n").await;
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
    let server = tokio::spawn(serve::run(
        listener,
        app.router.clone(),
        app.state.hub.clone(),
        serve::Guards::default(),
        async {
            let _ = stopped.await;
        },
    ));
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

#[tokio::test(flavor = "multi_thread")]
async fn d01_what_changes_while_a_screen_connects_is_not_lost() {
    let app = TestApp::new().await;
    let writing = async {
        for n in 0..150 {
            set(&app, "lyo-1", BOTTLE, n, u64::try_from(n).unwrap() + 1).await;
        }
    };
    // Screens that come at every moment of it, and screens that leave and come back with what they saw.
    let watching = async {
        let mut screens = Vec::new();
        for _ in 0..40 {
            let mut events = app.stream(BOTH, None).await;
            let mut last = Event::default();
            for _ in 0..5 {
                last = events.next().await;
            }
            screens.push(app.stream(BOTH, Some(&last.id)).await);
            screens.push(events);
        }
        screens
    };
    let ((), screens) = tokio::join!(writing, watching);
    set(&app, "lyo-2", "TENT-2", 77, 1).await;
    for (number, mut events) in screens.into_iter().enumerate() {
        let mut shown = Vec::new();
        while shown.last() != Some(&("lyo-2".to_owned(), "TENT-2".to_owned(), 77)) {
            let event = events.next().await;
            let (location, sku, _, units) = state(&event);
            shown.push((location.to_owned(), sku.to_owned(), units));
        }
        let mut bottles = shown.iter().rev().filter(|(location, sku, _)| location == "lyo-1" && sku == BOTTLE);
        // One that came after the last change has it from its snapshot.
        assert!(bottles.next().is_none_or(|(_, _, units)| *units == 149), "screen {number}: {shown:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn d12_a_shelf_that_changes_ten_thousand_times_a_second_is_told_four_times_a_second() {
    let app = TestApp::new().await;
    let mut events = app.stream(BOTH, None).await;
    for _ in 0..5 {
        events.next().await;
    }
    let (hub, changes) = (app.state.hub.clone(), (0..20_000).map(|n| change(&app, "lyo-1", BOTTLE, n)));
    let changes: Vec<ShelfChange> = changes.collect();
    let begun = std::time::Instant::now();
    let till = std::thread::spawn(move || {
        for (n, part) in changes.chunks(100).enumerate() {
            hub.publish(part);
            let due = Duration::from_millis(10 * u64::try_from(n).unwrap());
            std::thread::sleep(due.saturating_sub(begun.elapsed()));
        }
    });
    let mut told = 0;
    loop {
        told += 1;
        if state(&events.next().await).3 == 19_999 {
            break;
        }
    }
    let most = begun.elapsed().as_millis() / 250 + 1;
    assert!(told > 2 && told <= most, "{told} of at most {most}");
    till.join().unwrap();
    assert!(events.try_next(Duration::from_millis(300)).await.is_none(), "nothing comes after the last");
}

#[tokio::test]
async fn a_snapshot_in_parts_is_complete_with_its_last_event() {
    let app = TestApp::with(|config, _| {
        let db = sqlite::open(&config.db).unwrap();
        for n in 0..150 {
            let sql = "INSERT INTO location (id, name, latitude, longitude, timezone, schedule)
                       SELECT ?1, name, latitude, longitude, timezone, schedule FROM location WHERE id = 'lyo-1'";
            db.execute(sql, [format!("more-{n}")]).unwrap();
        }
    })
    .await;
    let shops = (0..150).map(|n| format!("location_id=more-{n}")).collect::<Vec<_>>().join("&");
    let path = format!("/v1/availability/events?{shops}&location_id=lyo-1&sku={BOTTLE}&sku=TENT-2&sku=CHALK");
    let mut events = app.stream(&path, None).await;
    let reset = events.next().await;
    assert_eq!((reset.name.as_str(), reset.seq()), ("reset", 0));
    let mut shelves = std::collections::HashSet::new();
    for left in (0..453).rev() {
        let event = events.next().await;
        assert_eq!(event.seq() == 0, left > 0, "{left}");
        shelves.insert((event.data["location_id"].to_string(), event.data["sku"].to_string()));
    }
    assert_eq!(shelves.len(), 453);
    set(&app, "lyo-1", BOTTLE, 3, 1).await;
    assert_eq!(state(&events.next().await), ("lyo-1", BOTTLE, "limited", 3));
}
