use domain::inventory::Shelf;
use domain::time::Timestamp;

use super::*;

fn id(text: &str) -> LocationId {
    LocationId::new(text).unwrap()
}

fn sku(number: usize) -> Sku {
    Sku::new(format!("p{number}")).unwrap()
}

fn change(location: &str, number: usize, on_hand: i64) -> ShelfChange {
    let shelf = Some(Shelf { on_hand: Some(on_hand), safety_stock: 0, held: 0 });
    ShelfChange { location: id(location), sku: sku(number), shelf, as_of: Timestamp::from_millis(1) }
}

fn screen(hub: &Arc<Hub>, locations: &[&str], skus: std::ops::Range<usize>) -> Subscription {
    hub.subscribe(locations.iter().map(|text| id(text)).collect(), skus.map(sku).collect(), None).unwrap().0
}

/// What waits for a screen, once all that is pending was laid before it.
async fn next(screen: &Subscription) -> Next {
    assert_eq!(screen.position(), None, "nothing waits");
    screen.next().await
}

fn texts(next: Next) -> Vec<String> {
    let Next::Changes(changes) = next else { panic!("{next:?}") };
    changes.iter().map(|change| String::from_utf8(change.text().to_vec()).unwrap()).collect()
}

#[tokio::test]
async fn a_change_is_encoded_once_and_goes_to_those_who_watch_its_shelf() {
    let hub = Hub::start("e".to_owned()).unwrap();
    let one = screen(&hub, &["a"], 0..2);
    // So many shelves that it is found by its shops.
    let wide = screen(&hub, &["a", "b", "c"], 0..200);
    let other = screen(&hub, &["b"], 0..2);
    let elsewhere = screen(&hub, &["a"], 5..6);
    hub.publish(&[change("a", 1, 7)]);
    let (Next::Changes(first), Next::Changes(second)) = (next(&one).await, next(&wide).await) else {
        panic!("no changes")
    };
    assert_eq!(first[0].text().as_ptr(), second[0].text().as_ptr());
    hub.publish(&[change("b", 0, 3), change("a", 5, 1)]);
    let both = texts(next(&wide).await);
    assert!(
        both[0].starts_with("id: e-3\nevent: availability\ndata: {\"sku\":\"p0\",\"location_id\":\"b\""),
        "{both:?}"
    );
    assert!(both[1].contains("\"quantity\":1,"), "{both:?}");
    assert_eq!(
        (texts(next(&other).await), texts(next(&elsewhere).await)),
        (vec![both[0].clone()], vec![both[1].clone()])
    );
    assert_eq!(one.position(), Some(4));
    assert_eq!(hub.screens(), 4);
    drop((one, wide, other, elsewhere));
    assert_eq!(hub.screens(), 0);
    assert!(lock(&hub.inner).index.is_empty());
}

#[tokio::test]
async fn the_last_state_of_a_shelf_wins_and_keeps_the_order_of_the_commits() {
    let hub = Hub::start("e".to_owned()).unwrap();
    let screen = screen(&hub, &["a"], 0..9);
    hub.publish(&[change("a", 1, 1), change("a", 2, 2)]);
    hub.publish(&[change("a", 1, 3)]);
    let told = texts(next(&screen).await);
    assert_eq!(told.len(), 2);
    assert!(told[0].contains("\"sku\":\"p2\"") && told[1].contains("\"quantity\":3"), "{told:?}");
}

#[tokio::test]
async fn d05_a_screen_that_is_far_behind_is_remembered_by_one_number() {
    let hub = Hub::start("e".to_owned()).unwrap();
    let screen = screen(&hub, &["a", "b"], 0..2000);
    let changes: Vec<_> = (0..1024).map(|number| change("a", number, 1)).collect();
    hub.publish(&changes);
    assert_eq!(texts(next(&screen).await).len(), 1024, "what fits is told change by change");
    hub.publish(&changes);
    assert_eq!(screen.position(), None);
    hub.publish(&[change("a", 1500, 1), change("a", 1501, 2)]);
    assert!(matches!(next(&screen).await, Next::Reset(seq) if seq > 2048));
    assert_eq!(texts(next(&screen).await).len(), 1, "what came after the reset");
}

#[tokio::test]
async fn the_thread_ends_with_its_hub() {
    let hub = Hub::start("e".to_owned()).unwrap();
    let weak = Arc::downgrade(&hub);
    hub.publish(&[change("a", 1, 1)]);
    drop(hub);
    let begun = std::time::Instant::now();
    while weak.strong_count() > 0 {
        assert!(begun.elapsed().as_secs() < 10, "somebody still holds the hub");
        tokio::task::yield_now().await;
    }
}
