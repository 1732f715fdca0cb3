//! The street map in place of the drawn one, where the retailer serves tiles and the shopper asks for it.

use api_contract::settings::MapSettings;
use domain::geo::{Position, decimal_degrees};
use leptos::html::Div;
use leptos::prelude::*;

use super::map::Pin;
use crate::browser::street_map;
use crate::nearby::Shop;
use crate::text;

/// The street map.
#[component]
pub(super) fn StreetMap(
    settings: MapSettings,
    /// Where it begins.
    center: Position,
    shops: Memo<Vec<Shop>>,
    pins: Memo<Vec<Pin>>,
    pointed: RwSignal<Option<usize>>,
    /// It cannot be shown.
    fail: Callback<()>,
) -> impl IntoView {
    let place = NodeRef::<Div>::new();
    let shown = StoredValue::new_local(None::<street_map::StreetMap>);
    let marks = move || shops.with(|shops| pins.with(|pins| marks(shops, pins)));
    let pointed_at = move || pointed.get().map(|shop| shop.to_string()).unwrap_or_default();
    Effect::new(move |_| {
        let Some(place) = place.get() else { return };
        let center = [decimal_degrees(center.longitude()), decimal_degrees(center.latitude())].join(",");
        let attributes = [
            ("url", settings.pmtiles_url.as_str()),
            ("credit", &settings.attribution),
            ("center", &center),
            ("marks", &untrack(marks)),
            ("pointed", &untrack(pointed_at)),
        ];
        let map =
            street_map::StreetMap::show(&place, &attributes, move |shop| pointed.set(Some(shop)), move || fail.run(()));
        if map.is_none() {
            fail.run(());
        }
        shown.set_value(map);
    });
    let tell = move |name: &'static str, value: String| {
        shown.with_value(|map| map.iter().for_each(|map| map.set(name, &value)));
    };
    Effect::watch(marks, move |marks, _, _| tell("marks", marks.clone()), false);
    Effect::watch(pointed_at, move |pointed, _, _| tell("pointed", pointed.clone()), false);
    on_cleanup(move || shown.set_value(None));
    view! { <div class="map map--streets" role="group" aria-label=text::stores_street_map_label() node_ref=place></div> }
}

/// The shops as the street map wants them.
fn marks(shops: &[Shop], pins: &[Pin]) -> String {
    let mark = |(number, (shop, pin)): (usize, (&Shop, &Pin))| {
        let at = shop.location.geo;
        let number = (number + 1).to_string();
        let said = serde_json::to_string(&text::stores_map_mark(&number, &pin.said)).unwrap_or_default();
        let (longitude, latitude) = (decimal_degrees(at.longitude()), decimal_degrees(at.latitude()));
        let open = if pin.open { "true" } else { "false" };
        ["[", &longitude, ",", &latitude, ",\"", &number, "\",", &said, ",", open, "]"].concat()
    };
    let marks: Vec<String> = shops.iter().zip(pins).enumerate().map(mark).collect();
    ["[", &marks.join(","), "]"].concat()
}

#[cfg(test)]
mod tests {
    use domain::map::Seen;

    use super::*;
    use crate::nearby::example;

    #[test]
    fn marks_are_json_whatever_a_shop_is_called() {
        let pin = Pin { seen: Seen { metres: 1.0, bearing: 0.0 }, said: "The \"Shop\"".to_owned(), open: true };
        let marks: serde_json::Value = serde_json::from_str(&marks(&[example::shop("a", 1)], &[pin])).unwrap();
        assert_eq!(marks, serde_json::json!([[4.85, 45.0, "1", "1, The \"Shop\"", true]]));
    }
}
