//! A database with something in it, made the way a retailer does: by importing feeds.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::Outcome;
use crate::server::Program;

/// A folder with a filled database; it goes with the value.
pub(crate) struct Shop {
    folder: TempDir,
}

/// The code of a shop.
pub(crate) fn location(number: usize) -> String {
    format!("shop-{number}")
}

/// The code of a product.
pub(crate) fn sku(number: usize) -> String {
    format!("sku-{number}")
}

impl Shop {
    /// So many shops (see [`location`]), each of which carries all of so many products (see [`sku`]) with `units` on the
    /// shelf.
    pub(crate) fn fill(program: &Program, locations: usize, skus: usize, units: u32) -> Outcome<Self> {
        let shop = Self { folder: tempfile::tempdir()? };
        let days = "Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday".split(',');
        let days: Vec<String> = days.map(|day| format!("{day} hours")).collect();
        let mut stores = format!(
            "Store code,Business name,Address line 1,Locality,Country / Region,Postal code,Latitude,Longitude,Time zone,{},Labels\n",
            days.join(",")
        );
        let hours = vec!["00:00-24:00"; days.len()].join(",");
        for number in 0..locations {
            let id = location(number);
            writeln!(
                stores,
                "{id},Shop {number},1 Street,Town,FR,69001,45.7{},4.8{},Europe/Paris,{hours},In-store pickup",
                number % 1000,
                number % 997
            )?;
        }
        let mut products = "id\ttitle\tdescription\tlink\timage_link\tavailability\tprice\tbrand\n".to_owned();
        for number in 0..skus {
            writeln!(products, "{}\tProduct {number}\t\t\t\tin_stock\t10.00 EUR\tBrand", sku(number))?;
        }
        shop.write("stores.csv", &stores)?;
        shop.write("products.tsv", &products)?;
        let shelves = (0..locations).flat_map(|l| (0..skus).map(move |s| (l, s, units)));
        shop.write("inventory.tsv", &inventory(shelves)?)?;
        shop.import(program, &["stores.csv", "products.tsv", "inventory.tsv"])?;
        Ok(shop)
    }

    /// The database file.
    pub(crate) fn db(&self) -> PathBuf {
        self.folder.path().join("shop.db")
    }

    /// Counts shelves anew (shop, product, units) behind the back of the server.
    pub(crate) fn recount(&self, program: &Program, shelves: impl Iterator<Item = (usize, usize, u32)>) -> Outcome {
        self.write("inventory.tsv", &inventory(shelves)?)?;
        self.import(program, &["inventory.tsv"])
    }

    fn write(&self, name: &str, text: &str) -> Outcome {
        Ok(std::fs::write(self.folder.path().join(name), text)?)
    }

    fn import(&self, program: &Program, files: &[&str]) -> Outcome {
        let text = |path: &Path| path.display().to_string();
        let mut args = vec!["import".to_owned(), "--db".to_owned(), text(&self.db())];
        for file in files {
            let name = file.split('.').next().unwrap_or_default();
            args.extend([format!("--{name}"), text(&self.folder.path().join(file))]);
        }
        program.run(&args.iter().map(String::as_str).collect::<Vec<_>>()).map(drop)
    }
}

fn inventory(shelves: impl Iterator<Item = (usize, usize, u32)>) -> Result<String, std::fmt::Error> {
    let mut feed = "store_code\tid\tquantity\tavailability\tpickup_method\tpickup_sla\n".to_owned();
    for (place, product, units) in shelves {
        writeln!(feed, "{}\t{}\t{units}\tin_stock\treserve\tsame_day", location(place), sku(product))?;
    }
    Ok(feed)
}
