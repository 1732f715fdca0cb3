//! The app on a screen in a shop. It is one document with one address: whatever a person sees or types is in memory only,
//! and goes with the document a minute after they left.

mod model;
mod product;
mod reserve;
mod scanner;
mod search;
mod staff;
mod take;
mod watch;

use api_contract::location::Location;
use api_contract::reservation::Reservation;
use domain::id::{LocationId, Sku};
use domain::reservation::ContactDraft;
use leptos::prelude::*;

use crate::api;
use crate::browser::clock::after;
use crate::browser::{document, public_screen};
use crate::components::notice::FailureNotice;
use crate::components::skeleton::SkeletonRows;
use crate::components::touch_keyboard::{Keys, Press, TouchKeyboard};
use crate::device::Pairing;
use crate::nearby::{self, Shop, use_nearby};
use crate::remote::{FAILURE_SHOWS, Remote, fetch};
use crate::route::Route;
use crate::session::{Session, use_session};
use crate::settings;
use crate::text;
use crate::words;
use product::ProductView;
use reserve::ReserveView;
use search::SearchView;
use staff::{PairView, StaffView};
use take::{ListView, PassView, PhoneView};
use watch::Watch;

/// A shop that could not be loaded is asked for again after so many milliseconds: nobody taps here.
const AGAIN_MS: u32 = 10_000;

/// What the screen shows.
#[derive(Debug, Clone, PartialEq)]
enum View {
    /// What are you looking for?
    Search,
    Product(Sku),
    /// What a person gathered.
    List,
    /// Putting a product aside, at this or another shop.
    Reserve(Sku, LocationId),
    /// What was put aside.
    Pass(Box<Reservation>),
    /// Something for the person's own phone: its address.
    Phone(String),
    Staff,
    /// Nothing any more: a fresh document is on its way.
    Gone,
}

/// Something that is said above the results: what, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Told {
    title: String,
    text: String,
}

/// The screen, copied freely. All of it goes with the document.
#[derive(Clone, Copy)]
struct Kiosk {
    session: Session,
    shop: StoredValue<Location>,
    pairing: StoredValue<Pairing>,
    /// Those before the one that is shown are the way back.
    views: RwSignal<Vec<View>>,
    words: RwSignal<String>,
    category: RwSignal<Option<String>>,
    told: RwSignal<Option<Told>>,
    contact: RwSignal<ContactDraft>,
    /// When the stock that is shown was last confirmed, in milliseconds since 1970 by the server's clock.
    confirmed_ms: RwSignal<Option<i64>>,
    /// It remembers wrong codes for as long as the document lives.
    door: StoredValue<model::Door>,
    /// Whether the server knows the device no more.
    refused: RwSignal<bool>,
}

impl Kiosk {
    fn new(shop: Location, pairing: Pairing) -> Self {
        Self {
            session: use_session(),
            shop: StoredValue::new(shop),
            pairing: StoredValue::new(pairing),
            views: RwSignal::new(vec![View::Search]),
            words: RwSignal::new(String::new()),
            category: RwSignal::new(None),
            told: RwSignal::new(None),
            contact: RwSignal::new(ContactDraft::default()),
            confirmed_ms: RwSignal::new(None),
            door: StoredValue::new(model::Door::default()),
            refused: RwSignal::new(false),
        }
    }

    fn id(self) -> LocationId {
        self.shop.with_value(|shop| shop.id.clone())
    }

    fn name(self) -> String {
        self.shop.with_value(|shop| nearby::own_name(shop).to_owned())
    }

    fn token(self) -> String {
        self.pairing.with_value(|pairing| pairing.token.clone())
    }

    fn view(self) -> View {
        self.views.with(|views| views.last().cloned()).unwrap_or(View::Search)
    }

    fn go(self, view: View) {
        self.told.set(None);
        self.views.update(|views| views.push(view));
    }

    fn back(self) {
        self.told.set(None);
        self.views.update(|views| {
            views.pop();
            if views.is_empty() {
                views.push(View::Search);
            }
        });
    }

    fn home(self) {
        self.told.set(None);
        self.words.set(String::new());
        self.category.set(None);
        self.views.set(vec![View::Search]);
    }

    /// For the person's own phone: a screen of the app as it is at this shop.
    fn for_phone(self, route: &Route) -> View {
        View::Phone([document::origin(), route.path_at(&self.id())].concat())
    }

    fn say(self, title: &str, text: &str) {
        self.told.set(Some(Told { title: title.to_owned(), text: text.to_owned() }));
    }

    /// Nothing of the person is left in the document.
    fn forget(self) {
        self.views.set(vec![View::Gone]);
        self.words.set(String::new());
        self.category.set(None);
        self.told.set(None);
        self.contact.set(ContactDraft::default());
        let gathered: Vec<Sku> = untrack(|| self.session.basket()).into_iter().map(|line| line.sku).collect();
        self.session.taken_from_basket(&gathered);
    }
}

/// This shop first, then those that somebody would go to from here, the nearest first.
fn shops_around(kiosk: Kiosk) -> Memo<Vec<Shop>> {
    let nearby = use_nearby();
    Memo::new(move |_| {
        let own = kiosk.id();
        let all = nearby.shops.with(|shops| shops.ready().cloned().unwrap_or_default());
        let (mut here, others): (Vec<Shop>, Vec<Shop>) =
            all.into_iter().filter(Shop::is_nearby).partition(|shop| shop.location.id == own);
        if here.is_empty() {
            here.push(Shop { location: kiosk.shop.get_value(), distance_m: Some(0) });
        }
        here.into_iter().chain(others).collect()
    })
}

/// The screen of a shop; before it is one, staff set it up.
#[component]
pub fn KioskPage(
    /// In which shop it stands.
    id: LocationId,
) -> impl IntoView {
    document::mark("kiosk", "");
    document::set_title(settings::name());
    public_screen::lock();
    let pairing = RwSignal::new(Pairing::load().filter(|pairing| pairing.location == id));
    let paired = Callback::new(move |new: Pairing| pairing.set(Some(new)));
    let typing = RwSignal::new(None::<Keys>);
    view! {
        <div class="kiosk-page" class:kiosk-page--typing=move || typing.with(Option::is_some)>
            {move || match pairing.get() {
                Some(pairing) => view! { <Screen pairing /> }.into_any(),
                None => view! { <PairView id=id.clone() paired /> }.into_any(),
            }}
        </div>
        <Typing typing />
    }
}

#[component]
fn Screen(pairing: Pairing) -> impl IntoView {
    // Whoever comes back after staff had left it is behind the lock again.
    if !pairing.locked {
        let _ = Pairing { locked: true, ..pairing.clone() }.keep();
    }
    let retry = RwSignal::new(0u32);
    let again = Callback::new(move |()| {
        let _ = retry.try_update(|n| *n = n.wrapping_add(1));
    });
    let id = pairing.location.clone();
    let shop = fetch(FAILURE_SHOWS, move || {
        retry.track();
        let id = id.clone();
        Some(async move { api::location(&id).await })
    });
    Effect::new(move |_| {
        if shop.with(|shop| shop.failed().is_some()) {
            after(AGAIN_MS, move || again.run(()));
        }
    });
    move || match shop.get() {
        Remote::Ready(location) => view! { <Open location pairing=pairing.clone() /> }.into_any(),
        Remote::Failed(error) => {
            view! { <FailureNotice explained=words::failure(&error, words::What::Shop) retry=again /> }.into_any()
        }
        _ => view! { <SkeletonRows count=4 label=text::app_loading() /> }.into_any(),
    }
}

#[component]
fn Open(location: Location, pairing: Pairing) -> impl IntoView {
    use_session().store_chosen(&location);
    let kiosk = Kiosk::new(location, pairing);
    let watch = Watch::start(kiosk);
    scanner::follow(kiosk);
    let view = Memo::new(move |_| kiosk.view());
    // Another view is read from its top.
    Effect::watch(
        move || view.get(),
        move |_, _, _| {
            document::focus("main");
            document::to_top();
        },
        false,
    );
    view! {
        <div class="kiosk">
            {move || match view.get() {
                View::Search => view! { <SearchView kiosk watch /> }.into_any(),
                View::Product(sku) => view! { <ProductView kiosk sku /> }.into_any(),
                View::List => view! { <ListView kiosk /> }.into_any(),
                View::Reserve(sku, shop) => view! { <ReserveView kiosk sku shop /> }.into_any(),
                View::Pass(reservation) => view! { <PassView kiosk reservation=*reservation /> }.into_any(),
                View::Phone(address) => view! { <PhoneView kiosk address /> }.into_any(),
                View::Staff => view! { <StaffView kiosk /> }.into_any(),
                View::Gone => view! { <p class="kiosk__rest" role="status">{text::kiosk_resting()}</p> }.into_any(),
            }}
        </div>
        {watch.question()}
    }
}

/// The keyboard of the screen, while somebody types with their fingers.
#[component]
fn Typing(typing: RwSignal<Option<Keys>>) -> impl IntoView {
    public_screen::follow_typing(move |kind| {
        let _ = typing.try_set(kind.as_deref().map(Keys::of_field));
    });
    let press = Callback::new(move |press: Press| match press {
        Press::Write(letters) => public_screen::type_text(&letters),
        Press::Erase => public_screen::erase(),
        Press::Enter => public_screen::submit_field(),
        Press::Hide => {
            public_screen::leave_field();
            typing.set(None);
        }
    });
    let shown = Memo::new(move |_| typing.get());
    move || shown.get().map(|keys| view! { <TouchKeyboard keys on_press=press /> })
}
