//! Postcodes and towns: those that were imported, else those of the retailer's own shops.

use places::{Columns, Places, build};

use super::download::Download;
use crate::db::LocationRow;

/// One gazetteer.
pub struct Gazetteer {
    places: Places,
    download: Download,
}

impl Gazetteer {
    /// Opens what was imported. Without it the towns of the shops are known, so that naming one is never in vain.
    pub(super) fn open(imported: Option<Vec<u8>>, shops: &[LocationRow], before: Option<&Gazetteer>) -> Self {
        let imported = imported.and_then(|file| match Places::open(&file) {
            Ok(places) => Some((places, file)),
            Err(damaged) => {
                tracing::error!(%damaged, "the imported gazetteer cannot be read; the towns of the shops stand in for it");
                None
            }
        });
        let (places, file) = imported.unwrap_or_else(|| {
            let file = build(shops.iter().filter_map(own), "");
            (Places::open(&file).unwrap_or_default(), file)
        });
        Self { places, download: Download::new(file, before.map(Gazetteer::download)) }
    }

    /// Opened.
    #[must_use]
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// As a file.
    #[must_use]
    pub fn download(&self) -> &Download {
        &self.download
    }
}

/// A shop's town, where its address has all that a row needs.
fn own(shop: &LocationRow) -> Option<places::Row> {
    let (latitude, longitude) = (shop.position.latitude().to_string(), shop.position.longitude().to_string());
    let columns = Columns {
        country: &shop.country,
        code: &shop.postal_code,
        place: &shop.locality,
        region: &shop.region,
        region_code: "",
        latitude: &latitude,
        longitude: &longitude,
    };
    columns.row().ok()
}
