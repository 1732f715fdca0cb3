//! The drawn map: rings of distance around the shopper, and the shops where they lie from there. It needs no key, no tiles and
//! no network. The list says the same, row by row.

use domain::map::{self, Drawing, LEVELS, Seen, Unit};
use leptos::prelude::*;

use crate::browser::{document, intl};
use crate::components::icon::{Icon, Sign};
use crate::text;

/// A shop on the map.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pin {
    /// How it lies from the middle.
    pub(super) seen: Seen,
    /// Its name, how far, whether it is open: what is said of it.
    pub(super) said: String,
    /// Whether it is open.
    pub(super) open: bool,
}

/// Marks are 44 px wide on a map that is 320 px and more.
const APART: f64 = 0.3;
/// Half of the drawing, in its own units; the outermost ring leaves a margin for marks.
const HALF: f64 = 160.0;
const OUTER: f64 = 138.0;

/// The map.
#[component]
pub(super) fn Map(
    /// The shops in the order of the list.
    pins: Memo<Vec<Pin>>,
    /// In which distances are said.
    unit: Signal<Unit>,
    /// The one that is pointed at, by its place in the list.
    pointed: RwSignal<Option<usize>>,
) -> impl IntoView {
    // How much wider or narrower than usual the shopper wants it.
    let zoom = RwSignal::new(0i32);
    let drawing = Memo::new(move |_| {
        pins.with(|pins| {
            let seen: Vec<Seen> = pins.iter().map(|pin| pin.seen).collect();
            let usual = i32::try_from(map::usual_level(&seen, unit.get())).unwrap_or(0);
            let last = i32::try_from(LEVELS - 1).unwrap_or(0);
            let level = usize::try_from((usual + zoom.get()).clamp(0, last)).unwrap_or(0);
            map::draw(&seen, unit.get(), level, APART)
        })
    });
    let current = Memo::new(move |_| {
        let pointed = pointed.get();
        drawing.with(|drawing| mark_of(drawing, pointed).unwrap_or(0))
    });
    let point_at = move |mark: usize| {
        if let Some(first) = drawing.with_untracked(|d| d.marks.get(mark).map(|mark| mark.first)) {
            pointed.set(Some(first));
            // On wide screens the list stands beside the map.
            document::show(&["shop-", &(first + 1).to_string()].concat());
        }
    };
    let choose = move |mark: usize| {
        point_at(mark);
        if drawing.with_untracked(|d| d.marks.get(mark).is_some_and(|mark| mark.count > 1)) {
            zoom.update(|zoom| *zoom -= 1);
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let direction = match event.key().as_str() {
            "ArrowRight" => 0,
            "ArrowDown" => 1,
            "ArrowLeft" => 2,
            "ArrowUp" => 3,
            _ => return,
        };
        event.prevent_default();
        if let Some(next) = drawing.with_untracked(|d| map::next(&d.marks, current.get_untracked(), direction)) {
            point_at(next);
            document::focus(&mark_id(next));
        }
    };
    let step = move |by: i32| zoom.update(|zoom| *zoom += by);
    let level = move || drawing.with(|d| d.level);
    view! {
        <div class="map" role="group" aria-label=text::stores_map_label() on:keydown=on_key>
            <svg class="map__ground" viewBox="-160 -160 320 320" aria-hidden="true" focusable="false">
                {move || drawing.with(|d| rings(d, unit.get()))}
                <circle class="map__here" r="6" />
                <path class="map__north" d="M0 -152l4 8h-8Z" />
            </svg>
            <div class="map__marks">
                {move || {
                    let marks = drawing.with(|d| d.marks.clone());
                    let marks = marks.into_iter().enumerate();
                    marks
                        .map(|(number, mark)| {
                            let pin = pins.with_untracked(|pins| pins.get(mark.first).cloned());
                            let first = (mark.first + 1).to_string();
                            let many = mark.count > 1;
                            let said = pin.as_ref().map(|pin| pin.said.clone()).unwrap_or_default();
                            let label = if many {
                                text::stores_map_group(mark.count as u64, &first, &said)
                            } else {
                                text::stores_map_mark(&first, &said)
                            };
                            let text = if many { ["×", &mark.count.to_string()].concat() } else { first };
                            let (left, top) = (percent(mark.x), percent(mark.y));
                            view! {
                                <button
                                    type="button"
                                    id=mark_id(number)
                                    class="map__mark"
                                    class:map__mark--closed=pin.is_some_and(|pin| !pin.open)
                                    class:map__mark--many=many
                                    style:left=left
                                    style:top=top
                                    tabindex=move || if current.get() == number { "0" } else { "-1" }
                                    aria-label=label
                                    aria-pressed=move || {
                                        (pointed.get().is_some() && current.get() == number).to_string()
                                    }
                                    on:click=move |_| choose(number)
                                >
                                    <span aria-hidden="true">{text}</span>
                                </button>
                            }
                                .into_any()
                        })
                        .collect::<Vec<_>>()
                }}
            </div>
            <div class="map__zoom">
                <button
                    type="button"
                    class="icon-button"
                    aria-label=text::stores_map_closer()
                    prop:disabled=move || level() == 0
                    on:click=move |_| step(-1)
                >
                    <Sign icon=Icon::Plus />
                </button>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=text::stores_map_farther()
                    prop:disabled=move || level() == LEVELS - 1
                    on:click=move |_| step(1)
                >
                    <Sign icon=Icon::Minus />
                </button>
            </div>
        </div>
        <p class="hint" role="status">
            {move || {
                let said = pointed.get().and_then(|shop| pins.with(|p| p.get(shop).map(|pin| pin.said.clone())));
                said.unwrap_or_else(|| {
                    match drawing.with(|d| d.beyond) {
                        0 => text::stores_map_help().to_owned(),
                        beyond => text::stores_map_beyond(beyond as u64),
                    }
                })
            }}
        </p>
    }
}

/// The mark that a shop is in.
fn mark_of(drawing: &Drawing, shop: Option<usize>) -> Option<usize> {
    drawing.marks.iter().position(|mark| Some(mark.first) == shop)
}

fn mark_id(number: usize) -> String {
    ["mark-", &number.to_string()].concat()
}

/// A place between the edges.
fn percent(along: f64) -> String {
    #[allow(clippy::cast_possible_truncation)] // 0 to 1,000
    let thousandths = ((HALF + along * OUTER) / (2.0 * HALF) * 1_000.0).round() as i32;
    [&(thousandths / 10).to_string(), ".", &(thousandths % 10).to_string(), "%"].concat()
}

fn rings(drawing: &Drawing, unit: Unit) -> Vec<AnyView> {
    let rings = drawing.rings.iter().rev();
    rings
        .map(|ring| {
            #[allow(clippy::cast_possible_truncation)] // at most 138
            let radius = (ring.radius * OUTER).round() as i32;
            let label = intl::length(ring.length, unit == Unit::Mile);
            view! {
                <circle class="map__ring" r=radius.to_string() />
                <text class="map__length" y=(4 - radius).to_string()>{label}</text>
            }
            .into_any()
        })
        .collect()
}
