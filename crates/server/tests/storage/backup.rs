//! A copy of a database that is being written to.

use std::fs;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::process::{Server, refusal, run, until};
use crate::shop::{Shop, UNITS, integrity, number, wish};

/// Shelves of which more is held than there is, and reservations without all that belongs to them.
const ODD: [&str; 3] = [
    "SELECT count(*) FROM (SELECT s.on_hand - SUM(h.claimed) AS free FROM stock s JOIN hold h
       ON h.location_id = s.location_id AND h.sku = s.sku GROUP BY s.location_id, s.sku)
      WHERE free < 0",
    "SELECT count(*) FROM reservation r WHERE NOT EXISTS (SELECT 1 FROM hold h WHERE h.reservation_no = r.no)",
    "SELECT count(*) FROM reservation r
      WHERE NOT EXISTS (SELECT 1 FROM reservation_contact c WHERE c.reservation_no = r.no)",
];

#[test]
fn c10_a_backup_taken_during_load_is_whole_and_has_all_that_was_answered_before() {
    let shop = Shop::new();
    let server = Server::start(&shop.db());
    let (done, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for shopper in 0..4 {
            let (server, done, stop) = (&server, &done, &stop);
            scope.spawn(move || {
                for n in 0.. {
                    if stop.load(Ordering::SeqCst) {
                        break;
                    }
                    let answer = server.reserve(&format!("k{shopper}-{n}"), &wish(&format!("p{}", n % 10)));
                    assert_eq!(answer.status, 201, "{answer:?}");
                    done.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        for round in 0..3 {
            let enough = done.load(Ordering::SeqCst) + 20;
            until("some reservations", || done.load(Ordering::SeqCst) >= enough);
            let out = shop.path(&format!("copy-{round}.db"));
            let before = i64::try_from(done.load(Ordering::SeqCst)).unwrap();
            let output = run(&["backup", "--out", out.to_str().unwrap()], &shop.db());
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            // What was on its way when it ended may be in it, one for each shopper.
            let after = i64::try_from(done.load(Ordering::SeqCst)).unwrap() + 4;
            let copied = number(&out, "SELECT count(*) FROM reservation");
            assert!((before..=after).contains(&copied), "{before} <= {copied} <= {after}");
            assert_eq!(integrity(&out), "ok");
            // The first copy is left as it is, for what comes below.
            assert!(round == 0 || run(&["check"], &out).status.success(), "the books of the copy do not agree");
            for odd in ODD {
                assert_eq!(number(&out, odd), 0, "{odd}");
            }
            assert_eq!(number(&out, "SELECT SUM(claimed) FROM hold"), copied);
            assert_eq!(number(&out, "SELECT SUM(on_hand) FROM stock"), 10 * UNITS);
        }
        stop.store(true, Ordering::SeqCst);
    });
    drop(server);
    // The copy stands alone, and a server can go on with it.
    let copy = shop.path("copy-0.db");
    assert!(!shop.path("copy-0.db-wal").exists());
    let held = number(&copy, "SELECT count(*) FROM hold");
    let restored = Server::start(&copy);
    assert_eq!(restored.reserve("after", &wish("p3")).status, 201);
    assert_eq!(number(&copy, "SELECT count(*) FROM hold"), held + 1);
    let left: Vec<_> = fs::read_dir(shop.folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().contains(".part-")), "{left:?}");
}

#[test]
fn c10_a_backup_writes_over_nothing() {
    let shop = Shop::new();
    let precious = shop.path("precious.db");
    fs::write(&precious, "the only copy of something else").unwrap();
    let out = precious.to_str().unwrap();
    let line = refusal(&run(&["backup", "--out", out], &shop.db()));
    assert!(line.contains("precious.db: is there already"), "{line}");
    assert_eq!(fs::read_to_string(&precious).unwrap(), "the only copy of something else");
    // Nor the database itself, nor from what is none.
    let own = shop.db();
    refusal(&run(&["backup", "--out", own.to_str().unwrap()], &shop.db()));
    let new = shop.path("new.db");
    let line = refusal(&run(&["backup", "--out", new.to_str().unwrap()], &shop.path("nothing.db")));
    assert!(line.contains("nothing.db"), "{line}");
    refusal(&run(&["backup", "--out", new.to_str().unwrap()], &precious));
    assert!(!new.exists() && !shop.path("nothing.db").exists());
    assert_eq!(number(&own, "SELECT count(*) FROM stock"), 10);
}
