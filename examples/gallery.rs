//! Every component in each of its states, as one page: `cargo xtask gallery` writes it, the journeys look at it.

use leptos::prelude::*;
use nearshelf::api::ApiError;
use nearshelf::components::field::TextField;
use nearshelf::components::freshness::FreshnessMark;
use nearshelf::components::icon::Icon;
use nearshelf::components::notice::{FailureNotice, Notice};
use nearshelf::components::opening::Opening;
use nearshelf::components::picture::Picture;
use nearshelf::components::product_row::{ProductRow, ProductRowView};
use nearshelf::components::product_tile::{ProductTile, ProductTileView};
use nearshelf::components::qr_code::Qr;
use nearshelf::components::said::Statement;
use nearshelf::components::search_box::SearchBox;
use nearshelf::components::skeleton::SkeletonRows;
use nearshelf::components::stepper::Stepper;
use nearshelf::components::steps::Steps;
use nearshelf::components::store_row::{StoreRow, StoreRowView};
use nearshelf::components::tab_bar::TabBar;
use nearshelf::route::Tab;
use nearshelf::words::{self, Said, Tone, What};

const LONG: &str = "Überausgewöhnlichlangerproduktnamedernirgendsgetrenntwird and then a few more words that go on and on, \
                    because somebody wrote a whole description into the title of the feed";

fn main() {
    let html = Owner::new().with(|| page().to_html());
    println!("{html}");
}

fn page() -> AnyView {
    let specimens = [statements(), rows(), tiles(), shops(), notices(), fields(), pictures(), small(), tabs()];
    view! {
        <h1 class="page-title">"Gallery"</h1>
        {specimens.into_iter().collect_view()}
    }
    .into_any()
}

/// A component under its name, each state in a box of its own.
fn specimen(name: &'static str, states: Vec<AnyView>) -> AnyView {
    let states = states.into_iter().map(|state| view! { <div class="specimen__state">{state}</div> });
    view! {
        <section class="specimen" aria-label=name>
            <h2 class="section-title">{name}</h2>
            {states.collect_view()}
        </section>
    }
    .into_any()
}

fn said(tone: Tone, text: &str) -> Said {
    Said { tone, text: text.to_owned() }
}

fn statements() -> AnyView {
    let all = [
        said(Tone::Good, "6 at Part-Dieu"),
        said(Tone::Low, "1 left at Part-Dieu"),
        said(Tone::Out, "Sold out at Part-Dieu"),
        said(Tone::Out, "Not sold at Part-Dieu"),
        said(Tone::Unknown, "Stock not known"),
        said(Tone::Good, LONG),
    ];
    let mut states: Vec<AnyView> = all.map(|said| view! { <Statement said /> }.into_any()).into();
    for (tone, text) in [(Tone::Good, "live · 12:04:31"), (Tone::Low, "updates every 15 s"), (Tone::Out, "as of 12:03")]
    {
        let fresh = Some(said(tone, text));
        states.push(view! { <FreshnessMark said=fresh /> }.into_any());
    }
    for (tone, word, rest) in [
        (Tone::Good, "Open", "until 19:30"),
        (Tone::Low, "Closed", "opens Sat 10:00"),
        (Tone::Unknown, "Hours not known", ""),
    ] {
        let words = (said(tone, word), rest.to_owned());
        states.push(view! { <Opening words /> }.into_any());
    }
    specimen("Statements", states)
}

fn rows() -> AnyView {
    let row = |title: &str, subtitle: &str, stock: Option<Said>, price: &str| {
        let row = ProductRowView {
            href: "#row".to_owned(),
            title: vec![(title.to_owned(), false), (" bottle".to_owned(), true)],
            subtitle: subtitle.to_owned(),
            image: None,
            category: "Water".to_owned(),
        };
        let price = price.to_owned();
        view! { <ProductRow row stock=stock price /> }.into_any()
    };
    let mut states = vec![
        row("Boreal insulated", "Glacier · 4 colours", Some(said(Tone::Good, "6 at Part-Dieu")), "€34.90"),
        row("Tarn squeeze", "Clear", Some(said(Tone::Out, "None nearby")), "€14.50"),
        row("No place is known", "Fern", None, "€19.90"),
        row(LONG, LONG, Some(said(Tone::Low, LONG)), "€1,234,567.90"),
        row("زجاجة معزولة \u{202E}evil", "", Some(said(Tone::Low, "1 left")), ""),
    ];
    states.push(view! { <SkeletonRows count=2 label="Loading products" /> }.into_any());
    specimen("Product rows", states)
}

fn tiles() -> AnyView {
    let tile = |title: &str, subtitle: &str, stock: Option<Said>, price: &str| {
        let tile = ProductTileView {
            title: title.to_owned(),
            subtitle: subtitle.to_owned(),
            image: None,
            category: "Water".to_owned(),
        };
        let (price, on_open) = (price.to_owned(), Callback::new(|()| {}));
        view! { <ProductTile tile stock=stock price on_open /> }.into_any()
    };
    let states = vec![
        tile("Boreal bottle", "Glacier · 4 colours", Some(said(Tone::Good, "aisle 2 · 6 here")), "€34.90"),
        tile("Scree mid boot", "Rowan", Some(said(Tone::Out, "Not here · Bellecour, 2.1 km")), "€159.00"),
        tile("Nothing is known yet", "", None, "€19.90"),
        tile(LONG, LONG, Some(said(Tone::Low, LONG)), "€1,234,567.90"),
    ];
    specimen("Product tiles", states)
}

fn shops() -> AnyView {
    let row = |number: usize, name: &str, distance: &str, chosen: bool, opening: (Said, String)| {
        let row = StoreRowView {
            href: "#shop".to_owned(),
            number,
            name: name.to_owned(),
            address: "17 rue du Docteur Bouchut, 69003 Lyon".to_owned(),
            distance: distance.to_owned(),
            services: "Curbside pickup · Repair workshop · Wheelchair access".to_owned(),
            chosen,
        };
        view! { <StoreRow row opening pointed=false point=Callback::new(|()| {}) /> }.into_any()
    };
    let open = (said(Tone::Good, "Open"), "until 19:30".to_owned());
    let closed = (said(Tone::Low, "Closed"), "opens Sat 10:00".to_owned());
    let unknown = (said(Tone::Unknown, "Hours not known"), String::new());
    specimen(
        "Shops",
        vec![
            row(1, "Lyon Part-Dieu", "0.8 km", true, open),
            row(10_000, "Villeurbanne", "", false, closed),
            row(3, LONG, "1,234.5 km", false, unknown),
        ],
    )
}

fn notices() -> AnyView {
    let failures = [
        ApiError::Offline,
        ApiError::TimedOut,
        ApiError::Status(503),
        ApiError::Status(403),
        ApiError::Unreadable("a cause that nobody is shown".to_owned()),
    ];
    let mut states: Vec<AnyView> = failures
        .map(|error| {
            let explained = words::failure(&error, What::Shops);
            view! { <FailureNotice explained retry=Callback::new(|()| {}) /> }.into_any()
        })
        .into();
    states.push(view! { <Notice icon=Icon::Box title="Nothing here just now" text="It may be on the shelf in the next shop." /> }.into_any());
    states.push(
        view! { <Notice icon=Icon::Pin title=LONG text=LONG reference=Some("0123456789abcdef".to_owned()) /> }
            .into_any(),
    );
    specimen("Notices", states)
}

fn fields() -> AnyView {
    let field = |id: &'static str, value: &str, problem: Option<&'static str>| {
        let (value, problem) = (value.to_owned(), Signal::stored(problem));
        view! {
            <TextField id label="E-mail" kind="email" autocomplete="email" value problem on_input=Callback::new(|_| {}) />
        }
        .into_any()
    };
    let search = |value: &str| {
        let value = value.to_owned();
        view! { <SearchBox label="Search 4,812 products".to_owned() value on_input=Callback::new(|_| {}) /> }.into_any()
    };
    specimen(
        "Fields",
        vec![
            field("empty", "", None),
            field("filled", "ada@example.org", None),
            field("wrong", "ada", Some("This does not look like an e-mail address.")),
            search(""),
            search("boreal bottle"),
        ],
    )
}

fn pictures() -> AnyView {
    let categories = [
        "Water",
        "Camp",
        "Phones",
        "TV & Home Theater",
        "Audio",
        "Cameras",
        "Games",
        "Music",
        "Bike",
        "Kitchen",
        "Fitness",
        "Run",
        "",
    ];
    let states = categories.map(|category| view! { <Picture image=None category=category.to_owned() /> }.into_any());
    specimen("Pictures that are not there", states.into())
}

fn small() -> AnyView {
    let mut states: Vec<AnyView> =
        [Some(0), Some(2), Some(3), None].map(|step| view! { <Steps current=step /> }.into_any()).into();
    for (value, max) in [(1, 9), (9, 9), (1, 1)] {
        let (value, max) = (Signal::stored(value), Signal::stored(max));
        states.push(view! { <Stepper label="How many" value max on_change=Callback::new(|_| {}) /> }.into_any());
    }
    states.push(view! { <Qr text="K7-4MQ".to_owned() label="Pickup code as a QR code" /> }.into_any());
    specimen("Small things", states)
}

fn tabs() -> AnyView {
    let bar = |current: Tab, waiting: usize, in_basket: usize| {
        let (current, waiting, in_basket) =
            (Signal::stored(current), Signal::stored(waiting), Signal::stored(in_basket));
        view! { <TabBar current waiting in_basket basket=true pickups=true /> }.into_any()
    };
    specimen("Tabs", vec![bar(Tab::Search, 0, 0), bar(Tab::Pickups, 2, 99)])
}
