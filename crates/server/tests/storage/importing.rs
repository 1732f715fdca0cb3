//! Imports beside a server that goes on reserving.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use domain::time::{DAY_MS, Timestamp};
use nearshelf_server::db::sqlite;
use nearshelf_server::import;
use rusqlite::Connection;

use crate::process::{Server, binary, run, until};
use crate::shop::{COUNTED, Shop, feeds_of, fill, number, wish};

const GENERATION: &str = "SELECT value FROM meta WHERE key = 'catalog_generation'";

/// Rows of an import that many reservations fit between, in steps of 500.
const MANY: usize = 20_000;

fn import_all(db: &Path, folder: &Path) -> std::process::Command {
    let mut command = binary(&["import"], db);
    for (option, name) in [("--stores", "stores.csv"), ("--products", "products.tsv"), ("--inventory", "inventory.tsv")]
    {
        command.arg(option).arg(folder.join(name));
    }
    command
}

#[test]
fn a16_reservations_go_on_between_the_steps_of_an_import_and_holds_stay() {
    let shop = Shop::new();
    fill(&shop.db(), shop.folder.path(), MANY);
    feeds_of(shop.folder.path(), MANY, 777);
    let server = Server::start(&shop.db());
    let (answered, between, stop) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for shopper in 0..3 {
            let (server, answered, between, stop, db) = (&server, &answered, &between, &stop, shop.db());
            scope.spawn(move || {
                let new = format!("SELECT count(*) FROM stock WHERE on_hand = 777 LIMIT {MANY}");
                for n in 0.. {
                    if stop.load(Ordering::SeqCst) {
                        break;
                    }
                    let before = usize::try_from(number(&db, &new)).unwrap();
                    let answer = server.reserve(&format!("k{shopper}-{n}"), &wish(&format!("p{}", n % MANY)));
                    assert_eq!(answer.status, 201, "{answer:?}");
                    let after = usize::try_from(number(&db, &new)).unwrap();
                    answered.fetch_add(1, Ordering::SeqCst);
                    between.fetch_add(usize::from(before > 0 && after < MANY), Ordering::SeqCst);
                }
            });
        }
        until("a first reservation", || answered.load(Ordering::SeqCst) > 3);
        let output = import_all(&shop.db(), shop.folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let before = answered.load(Ordering::SeqCst);
        until("a reservation after it", || answered.load(Ordering::SeqCst) > before + 3);
        stop.store(true, Ordering::SeqCst);
    });
    assert!(between.load(Ordering::SeqCst) > 0, "no reservation was answered while the import was half done");
    assert_eq!(number(&shop.db(), "SELECT count(*) FROM stock WHERE on_hand = 777"), i64::try_from(MANY).unwrap());
    let answered = i64::try_from(answered.load(Ordering::SeqCst)).unwrap();
    assert_eq!(number(&shop.db(), "SELECT SUM(claimed) FROM hold"), answered);
}

#[test]
fn a16_a_running_server_reads_the_catalogue_again_once_for_an_import_and_not_for_each_step() {
    let shop = Shop::new();
    let before = number(&shop.db(), GENERATION);
    let server = Server::start(&shop.db());
    assert_eq!(server.get("/v1/products/p5000").status, 404);
    feeds_of(shop.folder.path(), 6_000, 3);
    assert!(import_all(&shop.db(), shop.folder.path()).output().unwrap().status.success());
    // Once for shops and products, once for the stock, in however many steps.
    assert_eq!(number(&shop.db(), GENERATION), before + 2);
    until("the new product is served", || server.get("/v1/products/p5000").status == 200);
    let inventory = shop.path("inventory.tsv").display().to_string();
    assert!(run(&["import", "--inventory", &inventory], &shop.db()).status.success());
    assert_eq!(number(&shop.db(), GENERATION), before + 3);
}

#[test]
fn a16_a_bad_file_changes_nothing_although_the_rest_was_good() {
    let shop = Shop::new();
    let everything = |db: &Path| {
        ["location", "product", "stock", "meta"].map(|table| {
            let connection = Connection::open(db).unwrap();
            let mut statement = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
            let columns = statement.column_count();
            let rows = statement.query_map([], |row| {
                (0..columns).map(|at| Ok(format!("{:?}", row.get_ref(at)?))).collect::<rusqlite::Result<Vec<_>>>()
            });
            rows.unwrap().collect::<rusqlite::Result<Vec<_>>>().unwrap()
        })
    };
    let before = everything(&shop.db());
    feeds_of(shop.folder.path(), 3_000, 4);
    // The last bytes of a packed file are missing: it is noticed when all else was read.
    let text = fs::read(shop.path("inventory.tsv")).unwrap();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, &text).unwrap();
    let packed = packed.finish().unwrap();
    fs::write(shop.path("inventory.tsv"), &packed[..packed.len() - 12]).unwrap();
    let output = import_all(&shop.db(), shop.folder.path()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("nothing was imported"), "{said}");
    assert_eq!(everything(&shop.db()), before);
    // The control: the whole file is taken.
    fs::write(shop.path("inventory.tsv"), &packed).unwrap();
    assert!(import_all(&shop.db(), shop.folder.path()).output().unwrap().status.success());
    assert_ne!(everything(&shop.db()), before);
}

#[test]
fn a16_an_import_that_is_killed_half_way_is_finished_by_the_next_one() {
    let shop = Shop::new();
    fill(&shop.db(), shop.folder.path(), MANY);
    feeds_of(shop.folder.path(), MANY, 55);
    let new = "SELECT count(*) FROM stock WHERE on_hand = 55";
    let server = Server::start(&shop.db());
    let mut child = import_all(&shop.db(), shop.folder.path()).spawn().unwrap();
    until("its first step is done", || number(&shop.db(), new) > 0);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(number(&shop.db(), new) <= i64::try_from(MANY).unwrap());
    // Nobody is in the way of anybody.
    assert_eq!(server.reserve("k", &wish("p1")).status, 201);
    assert!(import_all(&shop.db(), shop.folder.path()).output().unwrap().status.success());
    assert_eq!(number(&shop.db(), new), i64::try_from(MANY).unwrap());
}

#[test]
fn a17_an_older_file_does_not_turn_the_stock_back() {
    let shop = Shop::new();
    let counted = Timestamp::parse(COUNTED).unwrap();
    let mut connection = sqlite::open(&shop.db()).unwrap();
    // A till spoke of one shelf since.
    let later = Timestamp::from_millis(counted.millis() + 2 * DAY_MS);
    let sql = "UPDATE stock SET on_hand = 41, version = 9, counted_at = ? WHERE sku = 'p3'";
    connection.execute(sql, [later.millis()]).unwrap();
    let files = feeds_of(shop.folder.path(), 11, 500);
    let between = Timestamp::from_millis(counted.millis() + DAY_MS);
    let report = import::run(&mut connection, &files, between, false).unwrap();
    let stock = report.files.last().unwrap();
    assert_eq!((stock.rows, stock.taken, stock.older, stock.refused.count), (11, 10, 1, 0));
    assert!(report.to_string().contains("older than what is known, and left alone: 1"), "{report}");
    let shelf = "SELECT on_hand * 100 + version FROM stock WHERE sku = 'p3'";
    assert_eq!(number(&shop.db(), shelf), 4_109);
    assert_eq!(number(&shop.db(), "SELECT count(*) FROM stock WHERE on_hand = 500"), 10);
    // From before all that is known: not one row, and a shelf that is new all the same.
    let files = feeds_of(shop.folder.path(), 12, 600);
    let before = Timestamp::from_millis(counted.millis() - 1);
    let report = import::run(&mut connection, &files, before, false).unwrap();
    let stock = report.files.last().unwrap();
    assert_eq!((stock.taken, stock.older), (1, 11));
    assert_eq!(number(&shop.db(), "SELECT count(*) FROM stock WHERE on_hand = 600"), 1);
    // The same instant once more is no older one.
    let report = import::run(&mut connection, &files, later, false).unwrap();
    assert_eq!(report.files.last().unwrap().taken, 12);
    assert_eq!(number(&shop.db(), shelf), 60_010);
}

#[test]
fn a17_the_command_line_says_of_when_a_file_is() {
    let shop = Shop::new();
    feeds_of(shop.folder.path(), 10, 9);
    let inventory = shop.path("inventory.tsv").display().to_string();
    let import = |as_of: &[&str]| {
        let output = run(&[&["import", "--inventory", &inventory], as_of].concat(), &shop.db());
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (done, said) = import(&["--as-of", "2025-12-31T23:59:59Z"]);
    assert!(done && said.contains("0 taken") && said.contains("left alone: 10"), "{said}");
    assert_eq!(number(&shop.db(), "SELECT SUM(on_hand) FROM stock"), 10_000);
    assert!(!import(&["--as-of", "yesterday"]).0);
    // Nothing said is now.
    let (done, said) = import(&[]);
    assert!(done && said.contains("10 taken"), "{said}");
    assert_eq!(number(&shop.db(), "SELECT SUM(on_hand) FROM stock"), 90);
}
