//! Feeds into a real database: what is in the tables afterwards, and what the report says.

// clippy.toml lets tests unwrap; the helpers here are part of them.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use domain::hours::Schedule;
use domain::time::Timestamp;
use flate2::{Compression, write::GzEncoder};
use nearshelf_server::db::sqlite;
use nearshelf_server::import::{ImportError, ImportFiles, ImportReport, run};
use proptest::prelude::*;
use rusqlite::Connection;
use tempfile::TempDir;

const STORES: &str = "\
Store code,Business name,Address line 1,Locality,Administrative area,Country / Region,Postal code,Latitude,Longitude,Primary phone,Time zone,Monday hours,Tuesday hours,Wednesday hours,Thursday hours,Friday hours,Saturday hours,Sunday hours,Special hours,Labels,Primary category
annecy,Annecy,29 rue Vaugelas,Annecy,Auvergne-Rhône-Alpes,FR,74000,45.90082,6.12386,+33 4 65 71 12 29,Europe/Paris,14:00-19:00,\"09:30-12:30, 14:00-19:00\",x,x,x,x,x,\"2026-12-24: 09:00-12:00, 2026-12-24: 14:00-16:00, 2026-12-25: x\",\"Parking, Curbside pickup\",Outdoor
camden,Camden,,London,,GB,,51.53962,-0.14255,,Europe/London,,,,,,,,,,Outdoor
";

const PRODUCTS: &str = "\
id\ttitle\tdescription\tlink\timage_link\tavailability\tprice\tbrand\tgtin\tmpn\tproduct_type\tcondition\titem_group_id\tcolor\tsize
0012\tRidge 2 tent\tFor two.\t\t/media/tent.svg\tin_stock\t249.00 EUR\tRidge\t4006381333931\tR2\tCamp > Tents\tnew\tR2\tEmber\t
12\t\"13\"\" screen\"\t\t\thttps://example.org/a.png\tin_stock\t99 EUR\t\t\t\t\tnew\t\t\t
mug\tMug\t\t\t\tin_stock\t\t\t\t\t\tnew\t\t\t
";

const INVENTORY: &str = "\
store_code\tid\tquantity\tprice\tsale_price\tavailability\tpickup_method\tpickup_sla\tinstore_product_location
annecy\t0012\t6\t249.00 EUR\t199.00 EUR\tin_stock\treserve\tsame_day\taisle 3
annecy\tmug\t0\t\t\tout_of_stock\tnot_supported\t2-day\t
camden\tmug\t\t9.00 GBP\t\tin_stock\treserve\tnext_day\t
";

/// A folder with feeds and a database with the schema.
struct Shop {
    folder: TempDir,
    conn: Connection,
}

impl Shop {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let conn = sqlite::open(&folder.path().join("shop.db")).unwrap();
        Self { folder, conn }
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn import(&mut self, files: &ImportFiles, at: i64) -> Result<ImportReport, ImportError> {
        run(&mut self.conn, files, Timestamp::from_millis(at), false)
    }

    /// Imports texts; an empty one is a file that is not given.
    fn texts(&mut self, stores: &str, products: &str, inventory: &str, at: i64) -> ImportReport {
        let file = |name, text: &str| (!text.is_empty()).then(|| self.file(name, text));
        let files = ImportFiles {
            stores: file("stores.csv", stores),
            products: file("products.tsv", products),
            inventory: file("inventory.tsv", inventory),
            ..ImportFiles::default()
        };
        self.import(&files, at).unwrap()
    }

    /// The rows of a query as text, fields apart by `|`.
    fn rows(&self, sql: &str) -> Vec<String> {
        let mut statement = self.conn.prepare(sql).unwrap();
        let columns = statement.column_count();
        let row = |row: &rusqlite::Row<'_>| {
            let field = |at| match row.get_ref(at).unwrap() {
                rusqlite::types::ValueRef::Null => "-".to_owned(),
                rusqlite::types::ValueRef::Integer(n) => n.to_string(),
                rusqlite::types::ValueRef::Real(n) => n.to_string(),
                value => value.as_str().unwrap().to_owned(),
            };
            Ok((0..columns).map(field).collect::<Vec<_>>().join("|"))
        };
        statement.query_map([], row).unwrap().collect::<Result<_, _>>().unwrap()
    }

    fn everything(&self) -> Vec<String> {
        ["location", "product", "stock"].iter().flat_map(|table| self.rows(&format!("SELECT * FROM {table}"))).collect()
    }

    fn stock(&self) -> Vec<String> {
        self.rows("SELECT location_id, sku, on_hand, version, price_amount, counted_at FROM stock ORDER BY 1, 2")
    }
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_feed_arrives_in_the_tables() {
    let mut shop = Shop::new();
    let report = shop.texts(STORES, PRODUCTS, INVENTORY, 7);
    assert_eq!(report.files.iter().map(|f| (f.rows, f.taken)).collect::<Vec<_>>(), [(2, 2), (3, 3), (3, 3)]);
    assert_eq!(report.files.iter().map(|f| f.warnings.count).sum::<u64>(), 0, "{report}");
    assert_eq!(
        shop.rows(
            "SELECT id, name, street_address, locality, region, postal_code, country, latitude, longitude, \
                   timezone, amenities, phone, pickup_in_store, pickup_curbside FROM location"
        ),
        [
            "annecy|Annecy|29 rue Vaugelas|Annecy|Auvergne-Rhône-Alpes|74000|FR|45.90082|6.12386|Europe/Paris|\
             [\"Parking\",\"Curbside pickup\"]|+33 4 65 71 12 29|1|1",
            "camden|Camden||London|||GB|51.53962|-0.14255|Europe/London|[]|-|1|0",
        ]
    );
    assert_eq!(
        shop.rows(
            "SELECT sku, title, description, brand, gtin, mpn, category, image, price_amount, price_currency, group_id,
                    color, size FROM product"
        ),
        [
            "0012|Ridge 2 tent|For two.|Ridge|4006381333931|R2|Camp > Tents|/media/tent.svg|24900|EUR|R2|Ember|-",
            "12|13\" screen|-|-|-|-||https://example.org/a.png|9900|EUR|-|-|-",
            "mug|Mug|-|-|-|-||-|-|-|-|-|-",
        ]
    );
    assert_eq!(
        shop.rows(
            "SELECT location_id, sku, on_hand, safety_stock, version, price_amount, price_currency, sale_amount, pickup,
                    lead_minutes, aisle, counted_at FROM stock"
        ),
        [
            "annecy|0012|6|0|1|24900|EUR|19900|1|60|aisle 3|7",
            "annecy|mug|0|0|1|-|-|-|0|1200|-|7",
            "camden|mug|-|0|1|900|GBP|-|1|600|-|7",
        ]
    );
    let schedules = shop.rows("SELECT schedule FROM location");
    let annecy: Schedule = serde_json::from_str(&schedules[0]).unwrap();
    assert_eq!(annecy.weekly.unwrap().map(|day| day.len()), [1, 2, 0, 0, 0, 0, 0]);
    assert_eq!(annecy.exceptions.iter().map(|day| day.spans.len()).collect::<Vec<_>>(), [2, 0]);
    assert_eq!(serde_json::from_str::<Schedule>(&schedules[1]).unwrap(), Schedule::default());
}

#[test]
fn plain_and_gzip_windows_and_unix_files_give_the_same() {
    let mut plain = Shop::new();
    plain.texts(STORES, PRODUCTS, INVENTORY, 7);
    let mut packed = Shop::new();
    let windows = |text: &str| format!("\u{FEFF}{}", text.replace('\n', "\r\n"));
    // The names lie: what is packed is known by its bytes. Two packed parts, one after the other, are one file.
    let inventory = windows(INVENTORY);
    let (first, second) = inventory.split_at(inventory.len() / 2);
    let files = ImportFiles {
        stores: Some(packed.file("stores.csv", gzip(&windows(STORES)))),
        products: Some(packed.file("products.tsv.gz", windows(PRODUCTS))),
        inventory: Some(packed.file("inventory.tsv", [gzip(first), gzip(second)].concat())),
        ..ImportFiles::default()
    };
    packed.import(&files, 7).unwrap();
    assert_eq!(packed.everything(), plain.everything());
}

#[test]
fn bad_rows_are_counted_with_their_lines_and_the_rest_is_taken() {
    let mut shop = Shop::new();
    let stores = format!(
        "{STORES}\
         annecy,Twice,,,,,,1,1,,UTC,,,,,,,,,,\n\
         zero,Zero,,,,,,0,0,,UTC,,,,,,,,,,\n\
         comma,Comma,,,,,,\"45,1\",6,,UTC,,,,,,,,,,\n\
         short,Short\n\
         late,Late,,,,,,1,1,,UTC,10-19,,,,,,,,,\n"
    );
    let products = format!(
        "{PRODUCTS}\
         mug\tMug again\t\t\t\t\t\t\t\t\t\t\t\t\t\n\
         bad gtin\tx\t\t\t\t\t\t\t\t\t\t\t\t\t\n\
         pot\tPot\t\t\t\t\t\t\t123\t\t\t\t\t\t\n\
         pan\t\u{202E}Pan\t\t\t//evil\t\t1,5 EUR\t\t\t\t\t\t\t\t\n"
    );
    let inventory = format!(
        "{INVENTORY}\
         annecy\t0012\t7\t\t\t\t\t\t\n\
         nowhere\tmug\t7\t\t\t\t\t\t\n\
         camden\tspoon\t7\t\t\t\t\t\t\n\
         \n\
         camden\t12\t-7\t\t\t\t\t\t\n\
         late\t12\t7\t\t\tsoon\tmaybe\tsometime\t\n"
    );
    let report = shop.texts(&stores, &products, &inventory, 7);
    let refused: Vec<String> = (report.files.iter())
        .flat_map(|file| &file.refused.first)
        .map(|note| format!("{} {} {}", note.line, note.column.unwrap_or("row"), note.reason))
        .collect();
    assert_eq!(
        refused,
        [
            "4 Store code is in the file already",
            "5 Latitude is 0, and so is the longitude: nobody has a shop there",
            "6 Latitude has a comma in place of the decimal point",
            "7 row does not have as many fields as the header",
            "5 id is in the file already",
            "6 id has a character that is not printable ASCII",
            "8 price has a number that is not a plain decimal with the digits of its currency",
            "5 id is in the file already",
            "6 store_code is no store that was imported",
            "7 id is no product that was imported",
            "9 quantity is negative",
        ]
    );
    let counts: Vec<_> = report.files.iter().map(|f| (f.rows, f.taken, f.refused.count, f.warnings.count)).collect();
    assert_eq!(counts, [(7, 3, 4, 1), (7, 4, 3, 1), (8, 4, 4, 3)]);
    assert_eq!(shop.rows("SELECT name FROM location ORDER BY id"), ["Annecy", "Camden", "Late"]);
    assert_eq!(shop.rows("SELECT gtin FROM product WHERE sku = 'pot'"), ["-"]);
    assert_eq!(shop.rows("SELECT pickup, lead_minutes FROM stock WHERE location_id = 'late'"), ["1|60"]);
    let text = report.to_string();
    assert!(text.contains("stores.csv: 7 rows read, 3 taken, 4 refused"), "{text}");
    assert!(text.contains("line 7: id \"spoon\" is no product that was imported"), "{text}");
    assert!(text.contains("1 x gtin does not have 8, 12, 13 or 14 digits; taken without gtin"), "{text}");
}

/// A good first file and a bad second one: the error says which and why, and nothing has changed.
fn check_bad(products: &[u8], expect: &str) {
    let mut shop = Shop::new();
    shop.texts(STORES, "", "", 1);
    let before = shop.everything();
    let files = ImportFiles {
        stores: Some(shop.file("new.csv", STORES.replace("Camden", "Chalk Farm"))),
        products: Some(shop.file("bad-products", products)),
        inventory: None,
        ..ImportFiles::default()
    };
    let error = shop.import(&files, 2).unwrap_err().to_string();
    assert!(error.contains("bad-products") && error.contains(expect), "{error}");
    assert!(error.contains("nothing was imported"), "{error}");
    assert_eq!(shop.everything(), before);
    assert!(shop.conn.is_autocommit());
}

#[test]
fn a_bad_file_changes_nothing() {
    let packed = gzip(&PRODUCTS.repeat(50));
    let mut flipped = packed.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x55;
    check_bad(b"", "it is empty");
    check_bad(&packed[..packed.len() / 2], "cannot be read beyond line");
    check_bad(&flipped, "cannot be read beyond line");
    check_bad(&[0x1f, 0x8b, 8, 0], "cannot be read");
    check_bad(INVENTORY.as_bytes(), "is not a product feed (Google Merchant, with tabs): its header has no \"title\"");
    check_bad(PRODUCTS.replace('\t', ";").as_bytes(), "fields must be apart by a tab");
    check_bad(b"id\ttitl\xE9\tprice\n", "its header is not UTF-8 text");
    check_bad(b"\xFF\xFEi\0d\0", "UTF-16");
    check_bad(b"id\ttitle\tprice\tprice\n", "two columns \"price\"");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let mut shop = Shop::new();
    let files = ImportFiles { stores: Some(shop.folder.path().join("nothing.csv")), ..ImportFiles::default() };
    assert!(shop.import(&files, 1).unwrap_err().to_string().contains("nothing.csv cannot be opened"));
    let files = ImportFiles { stores: Some(shop.folder.path().to_owned()), ..ImportFiles::default() };
    assert!(shop.import(&files, 1).is_err());
}

#[test]
fn the_version_grows_only_with_the_quantity_and_holds_stay() {
    let mut shop = Shop::new();
    shop.texts(STORES, PRODUCTS, INVENTORY, 1);
    shop.conn
        .execute_batch(
            "UPDATE stock SET safety_stock = 2 WHERE sku = '0012';
             UPDATE location SET pickup_in_store = 0 WHERE id = 'camden';
             INSERT INTO reservation (no, id, code, status, location_id, method, created_at, changed_at, hold_expires_at,
                                      hold_ms, token_hash)
             VALUES (1, 'r', 'K7-4MQ', 'held', 'annecy', 'in_store', 1, 1, 9, 9, x'00');
             INSERT INTO hold (reservation_no, sku, location_id, quantity, claimed, expires_at, title)
             VALUES (1, '0012', 'annecy', 2, 2, 9, 'Ridge 2 tent');
             UPDATE stock SET reserved = 2 WHERE sku = '0012';
             INSERT INTO ledger (at, location_id, sku, kind, on_hand_change, on_hand, reserved_change, reserved)
             VALUES (1, 'annecy', '0012', 'reserve', 0, 6, 2, 2);",
        )
        .unwrap();
    let holds = shop.rows("SELECT * FROM hold");
    // One quantity changes, one price changes, one shelf is counted for the first time.
    let next = INVENTORY
        .replace("0012\t6", "0012\t5")
        .replace("mug\t0\t\t", "mug\t0\t8.00 EUR\t")
        .replace("mug\t\t9.00", "mug\t3\t9.00");
    shop.texts(&STORES.replace("Annecy,29", "Annecy Centre,29"), PRODUCTS, &next, 2);
    assert_eq!(shop.stock(), ["annecy|0012|5|2|24900|2", "annecy|mug|0|1|800|2", "camden|mug|3|2|900|2"]);
    // The very same once more, and then without a number where there was one.
    shop.texts("", "", &next, 3);
    assert_eq!(shop.stock(), ["annecy|0012|5|2|24900|3", "annecy|mug|0|1|800|3", "camden|mug|3|2|900|3"]);
    shop.texts("", "", INVENTORY, 4);
    assert_eq!(shop.stock()[2], "camden|mug|-|3|900|4");
    assert_eq!(shop.rows("SELECT * FROM hold"), holds);
    // What is promised stays promised, and the books say where each number came from.
    assert_eq!(shop.rows("SELECT reserved FROM stock WHERE sku = '0012'"), ["2"]);
    let imported = "SELECT sku, on_hand_change, on_hand, reserved FROM ledger WHERE kind = 'import' ORDER BY no";
    assert_eq!(shop.rows(imported), ["0012|-1|5|2", "mug|-|3|0", "0012|1|6|2", "mug|-|-|0"]);
    assert_eq!(shop.rows("SELECT safety_stock FROM stock WHERE sku = '0012'"), ["2"]);
    assert_eq!(shop.rows("SELECT name, pickup_in_store FROM location"), ["Annecy Centre|1", "Camden|0"]);
}

#[test]
fn what_the_feed_leaves_out_stays() {
    let mut shop = Shop::new();
    shop.texts(STORES, PRODUCTS, INVENTORY, 1);
    let before = shop.everything();
    let only_headers = |text: &str| text.lines().next().unwrap().to_owned();
    let report = shop.texts(&only_headers(STORES), &only_headers(PRODUCTS), &only_headers(INVENTORY), 2);
    assert_eq!(report.files.iter().map(|file| file.rows).sum::<u64>(), 0);
    assert_eq!(shop.everything(), before);
}

#[test]
fn the_files_of_a_folder_are_found_by_name() {
    let shop = Shop::new();
    let folder = shop.folder.path();
    shop.file("stores.csv", STORES);
    shop.file("inventory.tsv.gz", gzip(INVENTORY));
    let error = ImportFiles::in_folder(folder).unwrap_err().to_string();
    assert!(error.contains("has no products.tsv (plain or .gz)"), "{error}");
    shop.file("products.tsv", PRODUCTS);
    let files = ImportFiles::in_folder(folder).unwrap();
    assert_eq!(files.inventory, Some(folder.join("inventory.tsv.gz")));
    shop.file("products.tsv.gz", gzip(PRODUCTS));
    let error = ImportFiles::in_folder(folder).unwrap_err().to_string();
    assert!(error.contains("are both there"), "{error}");
}

/// The real feeds lie beside the project, not in it.
fn shared_data(folder: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let found = root.join("../shared/data").join(folder);
    if !found.is_dir() {
        println!("skipped: ../shared/data is not here");
        return None;
    }
    Some(found)
}

#[test]
fn a_real_chain_is_imported_whole() {
    let Some(folder) = shared_data("electronics") else { return };
    let mut shop = Shop::new();
    let files = ImportFiles::in_folder(&folder).unwrap();
    let report = shop.import(&files, 1).unwrap();
    assert_eq!(report.files.iter().map(|file| file.rows).collect::<Vec<_>>(), [1_565, 1_033, 728_217]);
    assert_eq!(report.files.iter().map(|file| file.refused.count).sum::<u64>(), 0, "{report}");
    assert_eq!(shop.rows("SELECT count(*) FROM stock"), ["728217"]);
    assert_eq!(
        shop.rows("SELECT title FROM product WHERE sku = 'bby-612732'"),
        ["Metra - 1/4\" DIN Trim Ring for Most Vehicles"]
    );
}

#[test]
fn the_demo_is_imported_without_a_remark() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo");
    let mut shop = Shop::new();
    let files = ImportFiles::in_folder(&folder).unwrap();
    let report = shop.import(&files, 1).unwrap();
    assert!(report.files.iter().all(|file| file.refused.count == 0 && file.warnings.count == 0), "{report}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), cut in 0usize..400, packed: bool) {
        let mut shop = Shop::new();
        shop.texts(STORES, PRODUCTS, "", 1);
        let mut text = INVENTORY.as_bytes().to_vec();
        text.splice(cut.min(text.len()).., bytes);
        if packed {
            text = gzip(&String::from_utf8_lossy(&text));
            let middle = cut % text.len();
            text[middle] ^= 1;
        }
        let files = ImportFiles { inventory: Some(shop.file("inventory", &text)), ..ImportFiles::default() };
        match shop.import(&files, 2) {
            Ok(report) => {
                let file = &report.files[0];
                prop_assert_eq!(file.rows, file.taken + file.refused.count);
                prop_assert_eq!(shop.stock().len() as u64, file.taken);
            }
            Err(_) => prop_assert_eq!(shop.stock().len(), 0),
        }
    }
}

#[test]
fn each_bad_store_is_told_with_its_line_and_its_reason() {
    let header = "Store code,Business name,Country / Region,Latitude,Longitude,Time zone,Monday hours,Tuesday hours,\
                  Wednesday hours,Thursday hours,Friday hours,Saturday hours,Sunday hours,Special hours,Opening hours";
    let rows = [
        ("north,N,,91,100,Europe/Paris,,,,,,,,,", Some(("Latitude", "-90"))),
        ("nan,N,,NaN,4,Europe/Paris,,,,,,,,,", Some(("Latitude", "is not a number"))),
        ("none,N,,,4,Europe/Paris,,,,,,,,,", Some(("Latitude", "is empty"))),
        ("swapped,N,FR,4.85,45.76,Europe/Paris,,,,,,,,,", Some(("Latitude", "changed places"))),
        ("swapped2,N,,-93.2,44.8,America/Chicago,,,,,,,,,", Some(("Latitude", "changed places"))),
        ("zone,N,,45.76,4.85,Europe/Lyon,,,,,,,,,", Some(("Time zone", "no time zone"))),
        ("good,N,FR,45.76,4.85,Europe/Paris,,,,,,,,,", None),
        ("late,N,,45,4,Europe/Paris,25:00-26:00,x,x,x,x,x,x,,", None),
        ("equal,N,,45,4,Europe/Paris,10:00-10:00,x,x,x,x,x,x,,", None),
        ("twice,N,,45,4,Europe/Paris,x,x,x,x,x,x,x,\"2026-12-24: x, 2026-12-24: 10:00-12:00\",", None),
        ("words,N,,45,4,Europe/Paris,,,,,,,,,sunrise-sunset", None),
    ];
    let feed = rows.iter().fold(header.to_owned(), |feed, (row, _)| format!("{feed}\n{row}"));
    let mut shop = Shop::new();
    let report = shop.texts(&feed, "", "", 1);
    let refused = &report.files[0].refused;
    let expect = (2..).zip(rows).filter_map(|(line, (_, why))| why.map(|(column, reason)| (line, column, reason)));
    let expect: Vec<(u64, &str, &str)> = expect.collect();
    assert_eq!(refused.first.len(), expect.len(), "{report}");
    for (note, (line, column, reason)) in refused.first.iter().zip(expect) {
        assert_eq!((note.line, note.column), (line, Some(column)));
        assert!(note.reason.to_string().contains(reason), "{}", note.reason);
    }
    // Hours that cannot be read do not cost the shop, and never make it open.
    let warned: Vec<_> = report.files[0].warnings.first.iter().map(|note| (note.line, note.column.unwrap())).collect();
    assert_eq!(warned, [(9, "Monday hours"), (10, "Monday hours"), (11, "Special hours"), (12, "Opening hours")]);
    for row in shop.rows("SELECT schedule FROM location WHERE id <> 'good'") {
        let schedule: Schedule = serde_json::from_str(&row).unwrap();
        assert!(schedule.weekly.is_none() && schedule.rules.is_none() && schedule.exceptions.is_empty(), "{row}");
    }
    assert_eq!(shop.rows("SELECT schedule ->> 'text' FROM location WHERE id = 'words'"), ["sunrise-sunset"]);
    assert_eq!(shop.rows("SELECT count(*) FROM location"), ["5"]);
}

#[test]
fn a_feed_without_rows_takes_nothing_away_and_says_so() {
    let mut shop = Shop::new();
    shop.texts(STORES, PRODUCTS, INVENTORY, 1);
    let before = shop.everything();
    let header = STORES.lines().next().unwrap();
    let report = shop.texts(header, "", "", 2);
    assert_eq!((report.files[0].rows, report.files[0].taken), (0, 0));
    assert!(report.to_string().contains("it has no rows: what is known already stays as it is"), "{report}");
    assert_eq!(shop.everything(), before);
    let files = ImportFiles { stores: Some(shop.file("stores.csv", "")), ..ImportFiles::default() };
    assert!(matches!(shop.import(&files, 3), Err(ImportError::Format { .. })));
    assert_eq!(shop.everything(), before);
}

#[test]
fn agreed_times_of_pickup_are_stored_and_go_with_the_feed() {
    let header =
        "Store code,Business name,Latitude,Longitude,Time zone,Pickup window minutes,Pickup capacity,Order cut-off";
    let mut shop = Shop::new();
    let mut stored = |settings: &str| {
        shop.texts(&format!("{header}\na,A,45,4,Europe/Paris,{settings}\n"), "", "", 1);
        shop.rows("SELECT pickup_window_minutes, pickup_capacity, order_cut_off FROM location")
    };
    assert_eq!(stored("30,4,17:00"), ["30|4|17:00"]);
    assert_eq!(stored(",,"), ["-|-|-"]);
}
