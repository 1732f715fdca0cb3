//! The picture of a product, its place reserved before it comes.

use leptos::ev;
use leptos::prelude::*;

/// A picture, or, where there is none or it fails, a drawing of its category. Never a grey box, never a jump.
#[component]
pub fn Picture(
    /// Address of the picture.
    image: Option<String>,
    /// The widest category, which decides what is drawn instead.
    category: String,
    /// Whether it is the large one at the head of a screen.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let (broken, set_broken) = signal(image.is_none());
    let class = if large { "picture picture--large" } else { "picture" };
    let tint = format!("{class} picture--tint-{}", tint(&category));
    let drawing = drawing(&category);
    view! {
        <span class=tint>
            {move || {
                if broken.get() {
                    view! {
                        <svg class="picture__drawing" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
                            <path d=drawing />
                        </svg>
                    }
                        .into_any()
                } else {
                    view! {
                        // The corner of the picture, far enlarged, is the ground that the picture stands on.
                        {large
                            .then(|| view! { <img class="picture__ground" src=image.clone() alt="" aria-hidden="true" /> })}
                        <img
                            src=image.clone()
                            alt=""
                            loading=if large { "eager" } else { "lazy" }
                            decoding="async"
                            width="240"
                            height="240"
                            on:error=move |_: ev::ErrorEvent| set_broken.set(true)
                        />
                    }
                        .into_any()
                }
            }}
        </span>
    }
}

/// One of six grounds; the same category always has the same.
fn tint(category: &str) -> u32 {
    category.bytes().fold(0u32, |sum, b| sum.wrapping_mul(31).wrapping_add(u32::from(b))) % 6
}

/// A drawing for a category, by what its name is about.
fn drawing(category: &str) -> &'static str {
    let name = category.to_ascii_lowercase();
    let about = |words: &[&str]| words.iter().any(|w| name.contains(w));
    match () {
        () if about(&["phone", "tablet", "mobile"]) => "M15 6h18v36H15ZM21 37h6",
        () if about(&["computer", "laptop", "accessory"]) => "M9 11h30v20H9ZM5 37h38M18 31l-2 6M30 31l2 6",
        () if about(&["tv", "theater", "monitor", "display"]) => "M5 10h38v24H5ZM16 40h16M24 34v6",
        () if about(&["audio", "headphone", "speaker"]) => "M9 30v-5a15 15 0 0 1 30 0v5M9 28h6v11H9ZM33 28h6v11h-6Z",
        () if about(&["camera", "camcorder"]) => "M6 15h9l3-5h12l3 5h9v24H6ZM24 20a7 7 0 1 0 0 14a7 7 0 0 0 0-14Z",
        () if about(&["game", "toy", "drone"]) => {
            "M14 16h20a9 9 0 0 1 9 9c0 6-2 9-5 9s-5-5-8-5H18c-3 0-5 5-8 5s-5-3-5-9a9 9 0 0 1 9-9ZM13 25h6M16 22v6M31 23v0M34 27v0"
        }
        () if about(&["music", "instrument", "movie"]) => {
            "M18 36V12l20-4v24M18 36a5 5 0 1 1-5-5a5 5 0 0 1 5 5ZM38 32a5 5 0 1 1-5-5a5 5 0 0 1 5 5Z"
        }
        () if about(&["car", "gps", "bike"]) => "M8 30v-6l4-10h24l4 10v10H8ZM8 24h32M14 34v4M34 34v4M14 29h3M31 29h3",
        () if about(&["home", "house", "furniture"]) => "M7 23L24 9l17 14M12 20v19h24V20M20 39V28h8v11",
        () if about(&["appliance", "kitchen"]) => {
            "M11 7h26v34H11ZM11 15h26M24 19a9 9 0 1 0 0 18a9 9 0 0 0 0-18ZM16 11h3M31 11h2"
        }
        () if about(&["health", "fitness", "beauty"]) => {
            "M24 40S8 30 8 19a8.500 8.500 0 0 1 16-4a8.500 8.500 0 0 1 16 4c0 11-16 21-16 21Z"
        }
        () if about(&["camp", "tent"]) => "M24 9L6 39h36ZM24 21l-9 18h18Z",
        () if about(&["water", "drink"]) => "M20 6h8v6l4 5v24H16V17l4-5ZM16 24h16",
        () if about(&["cloth", "run", "hike", "snow", "climb"]) => {
            "M17 8h14l11 7l-5 8l-4-2v20H15V21l-4 2l-5-8ZM17 8a7 7 0 0 0 14 0"
        }
        () => "M8 15l16-8l16 8v18l-16 8l-16-8ZM8 15l16 8l16-8M24 23v18",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(image: Option<&str>, category: &str) -> String {
        let image = image.map(str::to_owned);
        let category = category.to_owned();
        Owner::new().with(|| view! { <Picture image category /> }.to_html())
    }

    #[test]
    fn a_product_without_a_picture_gets_a_drawing_of_its_category() {
        let tv = html(None, "TV & Home Theater");
        let bottle = html(None, "Water");
        assert!(tv.contains("<path") && !tv.contains("<img"), "{tv}");
        assert_ne!(drawing("TV & Home Theater"), drawing("Water"));
        assert!(bottle.contains("<path"));
    }

    #[test]
    fn a_picture_reserves_its_place() {
        let html = html(Some("/media/a.svg"), "Water");
        assert!(html.contains("width=\"240\"") && html.contains("height=\"240\""), "{html}");
    }
}
