//! Eight shops and eight products with whatever makes shops and products difficult.

use domain::hours::{HoursSpan, Schedule};
use rusqlite::{Connection, params};

/// Friday, 11:00 in Lyon.
pub(crate) const NOW: &str = "2026-11-20T10:00:00Z";
pub(crate) const BOTTLE: &str = "BO-075-GLA";
/// The barcode of [`BOTTLE`].
pub(crate) const BOTTLE_GTIN: &str = "4006381333931";

struct Shop(&'static str, &'static str, [&'static str; 4], f64, f64, &'static str, &'static str, (bool, bool));

#[rustfmt::skip]
const SHOPS: [Shop; 8] = [
    // Closed over lunch.
    Shop("lyo-1", "Lyon Part-Dieu", ["17 rue du Docteur Bouchut", "Lyon", "Auvergne-Rhône-Alpes", "69003"], 45.76062, 4.85564, "Europe/Paris", "10:00-12:30 14:00-19:30", (true, false)),
    Shop("lyo-2", "Lyon Bellecour", ["43 rue Victor-Hugo", "Lyon", "Auvergne-Rhône-Alpes", "69002"], 45.75466, 4.82903, "Europe/Paris", "10:00-20:00", (true, true)),
    // Hands nothing over.
    Shop("lyo-3", "Villeurbanne", ["158 cours Émile-Zola", "Villeurbanne", "Auvergne-Rhône-Alpes", "69100"], 45.76937, 4.87942, "Europe/Paris", "10:00-19:00", (false, false)),
    Shop("par-1", "Paris Bastille", ["97 rue du Faubourg-Saint-Antoine", "Paris", "Île-de-France", "75011"], 48.85128, 2.37634, "Europe/Paris", "10:00-20:00", (true, false)),
    // Nobody told us its hours.
    Shop("par-2", "Paris Batignolles", ["3 rue des Dames", "Paris", "Île-de-France", "75017"], 48.8852, 2.3261, "Europe/Paris", "", (true, false)),
    Shop("ber-1", "Berlin Mitte", ["Torstraße 1", "Berlin", "Berlin", "10119"], 52.5294, 13.4105, "Europe/Berlin", "00:00-23:59", (true, false)),
    Shop("lod-1", "Łódź Piotrkowska", ["Piotrkowska 80", "Łódź", "Łódzkie", "90-102"], 51.7687, 19.4566, "Europe/Warsaw", "22:00-03:00", (true, false)),
    Shop("ams-1", "Amsterdam Dam", ["Dam 1", "Amsterdam", "Noord-Holland", "1012 AB"], 52.3731, 4.8926, "Europe/Amsterdam", "10:00-18:00", (true, true)),
];

type Text = Option<&'static str>;
/// Code, title, brand, barcode, category, price, group, colour.
type Product = (&'static str, &'static str, &'static str, Text, &'static str, Option<i64>, Text, Text);
/// Shop, product, on hand, safety stock, lead minutes, whether it is handed over, sale price.
type Shelf = (&'static str, &'static str, Option<i64>, i64, i64, bool, Option<i64>);

#[rustfmt::skip]
const PRODUCTS: [Product; 8] = [
    (BOTTLE, "Fell bottle 0.75 l", "Boreal", Some(BOTTLE_GTIN), "Camp > Bottles", Some(3490), Some("bo-075"), Some("Glacier")),
    ("BO-075-FER", "Fell bottle 0.75 l", "Boreal", None, "Camp > Bottles", Some(3490), Some("bo-075"), Some("Fern")),
    ("TENT-2", "Ridge tent for two", "Grit", None, "Camp > Tents", Some(24900), None, None),
    ("ROPE-60", "Climbing rope 60 m", "Haldor", None, "Climb > Ropes", Some(14900), None, None),
    ("HARN-M", "Crag harness", "Haldor", None, "Climb > Harnesses", Some(7900), Some("harn"), None),
    ("HARN-L", "Crag harness", "Haldor", None, "Climb > Harnesses", Some(7900), Some("harn"), None),
    ("LAMP-1", "Crème headlamp", "Lyskilde", None, "Camp > Light", Some(4500), None, None),
    ("CHALK", "Chalk ball", "Grit", None, "Climb > Chalk", None, None, None),
];

#[rustfmt::skip]
const STOCK: [Shelf; 16] = [
    ("lyo-1", BOTTLE, Some(5), 0, 60, true, None),
    ("lyo-1", "TENT-2", Some(1), 0, 60, true, None),
    ("lyo-1", "ROPE-60", Some(2), 0, 120, true, None),
    ("lyo-1", "HARN-M", Some(10), 2, 60, true, None),
    ("lyo-1", "LAMP-1", Some(9), 0, 60, false, None),
    ("lyo-1", "CHALK", None, 0, 60, true, None),
    ("lyo-2", BOTTLE, Some(8), 0, 60, true, Some(2990)),
    ("lyo-2", "TENT-2", Some(3), 0, 60, true, None),
    ("lyo-2", "ROPE-60", Some(1), 0, 60, true, None),
    ("lyo-3", "TENT-2", Some(9), 0, 60, true, None),
    ("par-1", "TENT-2", Some(2), 0, 60, true, None),
    ("par-1", BOTTLE, Some(0), 0, 60, true, None),
    ("par-2", "TENT-2", Some(5), 0, 60, true, None),
    ("ber-1", "ROPE-60", Some(12), 0, 60, true, None),
    ("ams-1", "TENT-2", Some(9), 0, 60, false, None),
    ("ams-1", "HARN-L", Some(4), 0, 60, true, None),
];

pub(crate) fn fill(connection: &Connection) {
    for Shop(id, name, [street, town, region, postcode], latitude, longitude, zone, hours, (desk, kerb)) in SHOPS {
        let spans: Vec<HoursSpan> = hours.split_whitespace().map(|span| HoursSpan::parse(span).unwrap()).collect();
        let mut weekly: [Vec<HoursSpan>; 7] = std::array::from_fn(|_| spans.clone());
        weekly[6].clear();
        let weekly = (!spans.is_empty()).then_some(weekly);
        let schedule = serde_json::to_string(&Schedule { weekly, ..Schedule::default() }).unwrap();
        let amenities = if id == "lyo-1" { r#"["Wheelchair access","Café"]"# } else { "[]" };
        connection
            .execute(
                "INSERT INTO location (id, name, street_address, locality, region, postal_code, country, latitude, longitude,
                    timezone, schedule, amenities, pickup_in_store, pickup_curbside)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'FR', ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
                params![id, name, street, town, region, postcode, latitude, longitude, zone, schedule, amenities, desk, kerb],
            )
            .unwrap();
    }
    for (sku, title, brand, gtin, category, price, group, color) in PRODUCTS {
        connection
            .execute(
                "INSERT INTO product (sku, title, brand, gtin, category, price_amount, price_currency, group_id, color)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![sku, title, brand, gtin, category, price, price.map(|_| "EUR"), group, color],
            )
            .unwrap();
    }
    for (shop, sku, on_hand, safety, lead, pickup, sale) in STOCK {
        connection
            .execute(
                "INSERT INTO stock (location_id, sku, on_hand, safety_stock, lead_minutes, pickup, sale_amount, price_amount,
                    price_currency, counted_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)",
                params![shop, sku, on_hand, safety, lead, pickup, sale, sale.map(|_| 3490), sale.map(|_| "EUR")],
            )
            .unwrap();
    }
    connection.execute("UPDATE stock SET opening = on_hand", []).unwrap();
}
