//! A disk that fails, by means of strace: the n-th call of the writing thread answers an error.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::process::{Server, binary, refusal, run};
use crate::shop::{Shop, feeds_of, integrity, number, wish};

/// So many wishes, one after the other.
const WISHES: usize = 12;

fn can_trace() -> bool {
    let traced = Command::new("strace").args(["-D", "-qq", "-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    let can = traced.is_ok_and(|status| status.success());
    if !can {
        println!("skipped: strace is not here, or may not trace");
    }
    can
}

/// A server whose calls fail as `inject` says; none where it could not even start. strace counts for each thread by itself.
fn failing(db: &Path, inject: &str) -> Option<Server> {
    let serve = binary(&["serve", "--port", "0", "--limits", "off"], db);
    let mut command = Command::new("strace");
    // As a grandchild of the server: so the server is ours to kill.
    command.args(["-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync,pwrite64"]);
    command.args(["-e", inject]).arg(serve.get_program()).args(serve.get_args());
    command.env_remove("RUST_LOG").stdin(Stdio::null());
    Server::try_of(command)
}

/// Wishes, what was answered to each, and the reservations that were acknowledged.
struct Told {
    statuses: Vec<u16>,
    acknowledged: BTreeMap<usize, String>,
}

fn ask_all(server: &Server) -> Told {
    let mut told = Told { statuses: Vec::new(), acknowledged: BTreeMap::new() };
    for n in 0..WISHES {
        let answer = server.reserve(&format!("k{n}"), &wish("p1"));
        match answer.status {
            201 => drop(told.acknowledged.insert(n, answer.body["id"].as_str().unwrap().to_owned())),
            _ => assert_eq!((answer.status, answer.head.contains("\r\nretry-after: ")), (503, true), "{answer:?}"),
        }
        told.statuses.push(answer.status);
    }
    told
}

/// After a restart on a disk that works: all that was acknowledged is there, and each wish is carried out once.
fn check_after_restart(shop: &Shop, told: &Told) {
    let server = Server::start(&shop.db());
    for id in told.acknowledged.values() {
        let found = number(&shop.db(), &format!("SELECT count(*) FROM reservation WHERE id = '{id}'"));
        assert_eq!(found, 1, "{id} was acknowledged and is gone; {:?}", told.statuses);
    }
    for n in 0..WISHES {
        let answer = server.reserve(&format!("k{n}"), &wish("p1"));
        assert_eq!(answer.status, 201, "{answer:?}");
        if let Some(id) = told.acknowledged.get(&n) {
            assert_eq!(answer.body["id"], id.as_str());
        }
    }
    let wishes = i64::try_from(WISHES).unwrap();
    assert_eq!(number(&shop.db(), "SELECT count(*) FROM reservation"), wishes);
    assert_eq!(number(&shop.db(), "SELECT SUM(claimed) FROM hold"), wishes);
    assert_eq!(integrity(&shop.db()), "ok");
}

#[test]
fn c03_after_a_sync_that_failed_nothing_is_acknowledged_until_a_restart() {
    if !can_trace() {
        return;
    }
    let mut failed = 0;
    for n in 1..=8 {
        let shop = Shop::new();
        // Only this one fails: whoever would just try again would believe the next one.
        let server = failing(&shop.db(), &format!("inject=fsync,fdatasync:error=EIO:when={n}")).unwrap();
        let told = ask_all(&server);
        let first = told.statuses.iter().position(|status| *status == 503).unwrap_or(WISHES);
        assert!(told.statuses[first..].iter().all(|status| *status == 503), "n {n}: {:?}", told.statuses);
        failed += usize::from(first < WISHES);
        let ready = server.get("/health/ready");
        if first < WISHES {
            ready.is_later("unavailable");
            assert!(ready.body["detail"].as_str().unwrap().contains("disk"), "{ready:?}");
        } else {
            assert_eq!(ready.status, 200);
        }
        // Reading outlives writing.
        assert_eq!(server.get("/v1/products/p1").status, 200);
        assert_eq!(server.get("/health/live").status, 200);
        server.kill();
        check_after_restart(&shop, &told);
    }
    assert!(failed >= 6, "the calls that failed were hardly ever those of commits: {failed}");
}

#[test]
fn c03_a_write_that_fails_is_not_acknowledged_and_the_next_one_works() {
    if !can_trace() {
        return;
    }
    let (mut failed, mut started_in_vain) = (0, 0);
    for n in [1, 5, 10, 20, 35, 50, 80, 110, 150] {
        let shop = Shop::new();
        let Some(server) = failing(&shop.db(), &format!("inject=pwrite64:error=EIO:when={n}")) else {
            // It was one of those of the start: it says so, and the next start works.
            started_in_vain += 1;
            assert_eq!(Server::start(&shop.db()).get("/health/ready").status, 200);
            continue;
        };
        let told = ask_all(&server);
        let refused = told.statuses.iter().filter(|status| **status == 503).count();
        assert!(refused <= 1, "n {n}: one call failed, and so may one wish: {:?}", told.statuses);
        failed += refused;
        assert_eq!(server.get("/health/ready").status, 200);
        server.kill();
        check_after_restart(&shop, &told);
    }
    assert!(failed >= 4, "the calls that failed were hardly ever those of commits: {failed}, {started_in_vain}");
}

#[test]
fn c03_a_file_that_cannot_be_opened_ends_the_start_and_harms_nothing() {
    if !can_trace() {
        return;
    }
    let shop = Shop::new();
    let (db, mut refused) = (shop.db(), 0);
    for n in 1..=12 {
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=openat"]);
        for ending in ["", "-wal", "-shm"] {
            command.arg("-P").arg(shop.path(&format!("shop.db{ending}")));
        }
        let list = binary(&["token", "list"], &db);
        command
            .args(["-e", &format!("inject=openat:error=EIO:when={n}")])
            .arg(list.get_program())
            .args(list.get_args());
        let output = command.env_remove("RUST_LOG").stdin(Stdio::null()).output().unwrap();
        if !output.status.success() {
            let line = refusal(&output);
            assert!(line.contains("shop.db") || line.contains("unable to open"), "{line}");
            refused += 1;
        }
        assert!(run(&["token", "list"], &db).status.success(), "n {n}");
        assert_eq!((integrity(&db).as_str(), number(&db, "SELECT count(*) FROM stock")), ("ok", 10));
    }
    assert!(refused >= 2, "the calls that failed were hardly ever those of the start: {refused}");
}

#[test]
fn c03_an_import_is_done_only_when_it_is_durable() {
    if !can_trace() {
        return;
    }
    let mut failed = 0;
    for n in 1..=4 {
        let shop = Shop::new();
        feeds_of(shop.folder.path(), 10, 5);
        let import = binary(&["import"], &shop.db());
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync"]);
        command.args(["-e", &format!("inject=fsync,fdatasync:error=EIO:when={n}")]);
        command.arg(import.get_program()).args(import.get_args()).arg("--inventory").arg(shop.path("inventory.tsv"));
        let output = command.env_remove("RUST_LOG").stdin(Stdio::null()).output().unwrap();
        let units = number(&shop.db(), "SELECT SUM(on_hand) FROM stock");
        if output.status.success() {
            assert_eq!(units, 50, "n {n}");
        } else {
            let line = refusal(&output);
            assert!(line.contains("import the files again") || line.contains("nothing was imported"), "{line}");
            failed += 1;
        }
        assert_eq!(integrity(&shop.db()), "ok");
    }
    assert!(failed >= 1, "no call that failed was one of a commit");
}

#[test]
fn c04_writes_without_space_are_answered_so_and_go_on_when_there_is_space() {
    if !can_trace() {
        return;
    }
    let shop = Shop::new();
    let server = failing(&shop.db(), "inject=pwrite64:error=ENOSPC:when=40..43").unwrap();
    let mut full = 0;
    for n in 0..WISHES {
        let answer = server.reserve(&format!("k{n}"), &wish("p1"));
        if answer.status != 201 {
            answer.is_later("storage-full");
            full += 1;
            assert_eq!(server.get("/v1/products/p1").status, 200);
        }
    }
    assert!(full > 0, "no write was refused");
    assert_eq!(server.reserve("after", &wish("p1")).status, 201, "it recovers without a restart");
    server.kill();
    assert_eq!(number(&shop.db(), "SELECT count(*) FROM reservation"), i64::try_from(WISHES + 1).unwrap() - full);
    assert_eq!(integrity(&shop.db()), "ok");
}
