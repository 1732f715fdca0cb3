use std::time::Duration;

use nearshelf_server::serve::Guards;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpSocket;

use crate::seed::BOTTLE;
use crate::support::{PATIENCE, Peer, Server, until};

/// Sends `rounds` snapshots to all screens, each after a pause in which the one before can go out.
async fn flood(server: &Server, rounds: usize, mut enough: impl FnMut() -> bool) -> usize {
    for round in 0..rounds {
        if enough() {
            return round;
        }
        server.state.hub.reset();
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    rounds
}

#[tokio::test(flavor = "multi_thread")]
async fn d05_a_reader_that_stalls_is_cut_and_others_do_not_notice() {
    let stall = Duration::from_millis(300);
    let server = Server::start(Guards { stall, ..Guards::default() }).await;
    let (mut stalled, mut reader) = (server.connect_narrow().await, server.connect().await);
    stalled.watch_all("").await;
    reader.watch_all("").await;
    reader.heard("event: reset").await;
    until("both are connected", || server.state.hub.screens() == 2).await;
    let reading = tokio::spawn(async move {
        reader.heard("\"quantity\":4711").await;
        reader
    });
    let rounds = flood(&server, 300, || server.state.hub.screens() == 1).await;
    assert_eq!(server.state.hub.screens(), 1, "the stalled one is still there");
    // The other one hears what happens after it, on the same connection.
    server.publish(BOTTLE, 4711);
    let mut reader = reading.await.unwrap();
    server.publish(BOTTLE, 4712);
    reader.heard("\"quantity\":4712").await;
    // The negative control: without the guard it would have stayed for all that time.
    let patient = Server::start(Guards { stall: Duration::from_secs(3600), ..Guards::default() }).await;
    let mut stalled = patient.connect_narrow().await;
    stalled.watch_all("").await;
    until("it is connected", || patient.state.hub.screens() == 1).await;
    flood(&patient, rounds + 3, || false).await;
    assert_eq!(patient.state.hub.screens(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn d05_an_answer_that_nobody_fetches_is_given_up() {
    let stall = Duration::from_millis(300);
    let server = Server::start(Guards {
        stall,
        head: 120 * PATIENCE,
        per_address: 1,
        count_loopback: true,
        ..Guards::default()
    })
    .await;
    let mut stalled = server.connect_narrow().await;
    // More than the buffers of both ends hold.
    stalled.send(&"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n".repeat(40)).await;
    // Its place becomes free, which is how another one can see that it is gone.
    until_served(&server).await;
}

/// Tries until there is a place for one more connection of this address.
async fn until_served(server: &Server) {
    let begun = std::time::Instant::now();
    loop {
        let mut peer = server.connect().await;
        // Who is refused may be cut off before it has said anything.
        let _ = peer.stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
        let answer = peer.read_to_end().await;
        if !answer.is_empty() && !answer.starts_with("HTTP/1.1 503 ") {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "there is no place: {answer}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn d11_an_address_has_so_many_connections_and_others_have_theirs() {
    let server = Server::start(Guards { per_address: 3, count_loopback: true, ..Guards::default() }).await;
    let mut mine = Vec::new();
    for _ in 0..3 {
        let mut peer = server.connect().await;
        peer.watch_all("").await;
        peer.heard("event: reset").await;
        mine.push(peer);
    }
    let refused = server.connect().await.read_to_end().await;
    assert!(
        refused.is_empty() || refused.starts_with("HTTP/1.1 503 ") && refused.contains("Retry-After: "),
        "{refused}"
    );
    // A neighbour is served all the while.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let mut neighbour = Peer::new(socket.connect(server.address).await.unwrap());
    neighbour.watch_all("").await;
    neighbour.heard("event: reset").await;
    // And a place that is given back can be taken again.
    mine.pop();
    until("the stream is gone", || server.state.hub.screens() == 3).await;
    until_served(&server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn g21_heads_that_drip_are_let_go_and_others_are_served() {
    let guards = Guards { head: Duration::from_millis(500), ..Guards::default() };
    let server = Server::start(guards).await;
    let mut slow = Vec::new();
    for _ in 0..200 {
        let mut peer = server.connect().await;
        peer.send("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await;
        slow.push(peer);
    }
    let dripping = slow.into_iter().map(|mut peer| {
        tokio::spawn(async move {
            // A byte now and then is no progress for a head.
            let begun = std::time::Instant::now();
            while peer.stream.write_all(b"x").await.is_ok() {
                assert!(begun.elapsed() < PATIENCE, "still connected");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        })
    });
    let dripping: Vec<_> = dripping.collect();
    let mut peer = server.connect().await;
    peer.watch_all("").await;
    peer.heard("event: reset").await;
    for drip in dripping {
        drip.await.unwrap();
    }
    // A stream has said its head; it stays.
    server.publish(BOTTLE, 4711);
    peer.heard("\"quantity\":4711").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn d13_ten_thousand_shops_are_refused_and_the_server_goes_on() {
    let server = Server::start(Guards::default()).await;
    let mut peer = server.connect().await;
    let shops: Vec<String> = (0..10_000).map(|number| format!("location_id=shop-{number}")).collect();
    let request = format!("GET /v1/availability/events?{}&sku=x HTTP/1.1\r\nHost: x\r\n\r\n", shops.join("&"));
    // It may be refused before all of it was said.
    let _ = peer.stream.write_all(request.as_bytes()).await;
    let answer = peer.read_to_end().await;
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 431 ") || answer.starts_with("HTTP/1.1 414 "),
        "{answer}"
    );
    let mut next = server.connect().await;
    next.watch_all("").await;
    next.heard("event: reset").await;
    assert_eq!(server.state.hub.screens(), 1);
}
