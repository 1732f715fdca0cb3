//! What is there to be seen in each state.

use domain::hours::OpenState;
use domain::inventory::{Freshness, StockState};
use domain::reservation::ContactProblem;
use domain::time::Timestamp;

use crate::links::Links;
use crate::model::{Asking, Desk, Event, Failure, Field, Line, Model, Remote, Sending, Shop};
use crate::options::Kind;
use crate::text;
use crate::tree::{Act, Element, el};
use crate::wire::Reservation;
use crate::words::{self, Tone, Tongue};

/// Attribute of what takes the focus once it is there.
pub const TAKES_FOCUS: &str = "data-focus";
/// Attribute of the button that must have been in sight before it counts.
pub const MUST_BE_SEEN: &str = "data-seen";

/// What the view needs beside the box itself.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// Name of the retailer.
    pub name: &'a str,
    /// Links into the app.
    pub links: Links<'a>,
    /// Address of a picture, by what the API calls it.
    pub media: &'a dyn Fn(&str) -> String,
    /// What only the browser can write.
    pub tongue: &'a dyn Tongue,
    /// The instant, by the server's clock.
    pub now: Timestamp,
    /// Tells the ids of this box from those of others on the page.
    pub id: usize,
}

/// The whole box.
#[must_use]
pub fn view(model: &Model, around: &Around<'_>) -> Element {
    let region = match (&model.options.kind, &model.product) {
        (Kind::Stock(_), Remote::Ready(product)) => text::region(&product.title),
        _ => text::shops().to_owned(),
    };
    let card = el("section").part("card").attr("aria-label", region);
    if let Some(failure) = blocking(model) {
        return card.with(head(model, around)).with(notice(failure, model, around));
    }
    let card = card.with(head(model, around));
    if let Some(receipt) = &model.receipt {
        return card.with(taken(receipt, model, around));
    }
    match &model.desk {
        Some(desk) => card.with(desk_form(desk, model, around)),
        None => card.with(shops(model, around)),
    }
}

/// What stands in the way of everything; a shopper at the desk is told there.
fn blocking(model: &Model) -> Option<&Failure> {
    model.failure().filter(|_| model.desk.is_none() && model.receipt.is_none())
}

fn head(model: &Model, around: &Around<'_>) -> Option<Element> {
    match (&model.options.kind, &model.product) {
        (Kind::Locator, _) => Some(el("div").class("head").with(el("h3").part("title").text(text::shops_where()))),
        (_, Remote::Ready(product)) => {
            let picture = product.image.as_deref().filter(|_| !model.no_picture);
            let picture = el("span").part("picture").with(match picture {
                Some(image) => el("img")
                    .attr("src", (around.media)(image))
                    .attr("alt", "")
                    .attr("width", "72")
                    .attr("height", "72")
                    .attr("decoding", "async")
                    .on(Act::Fail(Event::PictureFailed)),
                None => box_drawing(),
            });
            let price = product.price.map(|price| around.tongue.money(price));
            let code = model.options.code.as_deref().map(text::code);
            let line: Vec<String> = price.into_iter().chain(code).collect();
            let words = el("div")
                .class("about")
                .with(el("h3").part("title").text(product.title.clone()))
                .with((!line.is_empty()).then(|| el("p").part("price").text(line.join(" · "))))
                .with(freshness(model, around));
            Some(el("div").class("head").with(picture).with(words))
        }
        (_, Remote::Failed(_)) => None,
        // Its size is there before it is.
        _ => Some(
            el("div")
                .class("head")
                .attr("aria-hidden", "true")
                .with(el("span").class("picture bone"))
                .with(el("div").class("about").with(el("span").class("bone long")).with(el("span").class("bone"))),
        ),
    }
}

/// A closed box, where there is no picture.
fn box_drawing() -> Element {
    el("svg")
        .attr("viewBox", "0 0 48 48")
        .attr("aria-hidden", "true")
        .with(el("path").attr("d", "M8 15l16-8l16 8v18l-16 8l-16-8ZM8 15l16 8l16-8M24 23v18"))
}

fn freshness(model: &Model, around: &Around<'_>) -> Option<Element> {
    model.stock.ready()?;
    let at = |at| around.tongue.time(at, None);
    let (tone, words) = match model.line {
        Line::Not => return None,
        Line::Live => (Tone::Good, text::freshness_live().to_owned()),
        Line::Lost(heard) => match Freshness::of(heard, around.now) {
            Freshness::Stale(heard) => (Tone::Out, text::freshness_stale(&at(heard))),
            _ => (Tone::Low, text::freshness_as_of(&at(heard))),
        },
    };
    Some(el("p").attr("part", "live").class(["live ", tone.class()].concat()).with(mark()).text(words))
}

fn mark() -> Element {
    el("span").class("mark").attr("aria-hidden", "true")
}

fn said(tone: Tone, words: String, part: &'static str) -> Element {
    el("span").attr("part", part).class(tone.class()).with(mark()).with(el("span").text(words))
}

fn shops(model: &Model, around: &Around<'_>) -> Element {
    let body = el("div").class("body").key("shops");
    match (&model.shops, &model.stock) {
        (Remote::Ready(shops), _) if shops.is_empty() => body.with(nothing_near(model, around)),
        (Remote::Ready(shops), _) => {
            let rows = shops.iter().map(|shop| row(shop, model, around));
            body.with(place_line(model))
                .with(nowhere(shops, model, around))
                .with(el("ul").part("list").attr("role", "list").all(rows))
                .with(credit(model).filter(|_| model.spot.as_ref().is_some_and(|spot| !spot.label.is_empty())))
        }
        (Remote::Idle, _) => body.with(ask(model, around)),
        _ => body.with(waiting(model)),
    }
}

/// The place, and the way to another.
fn place_line(model: &Model) -> Option<Element> {
    let spot = model.spot.as_ref()?;
    let place = if spot.label.is_empty() { text::place_near_you().to_owned() } else { text::near(&spot.label) };
    let other = el("button").attr("type", "button").part("link").on(Act::Tap(Event::OtherPlace)).text(text::change());
    Some(el("div").class("where").with(el("span").text(place)).with(other))
}

/// Who made the names of the places, where their licence asks for it.
fn credit(model: &Model) -> Option<Element> {
    model.credit.as_deref().map(|credit| el("p").class("hint").text(text::place_credit(credit)))
}

/// None of them has it: said once, above the rows that say it each.
fn nowhere(shops: &[Shop], model: &Model, around: &Around<'_>) -> Option<Element> {
    let sku = model.sku()?;
    // A shop that is not known may have it: then this would be a lie.
    let gone = |shop: &Shop| {
        let state = model.reading(&shop.location.id).map(|reading| reading.state);
        matches!(state, Some(StockState::Unavailable | StockState::NotCarried))
    };
    shops.iter().all(gone).then(|| {
        el("div")
            .part("notice")
            .with(el("b").text(text::nowhere()))
            .with(el("p").text(text::nowhere_advice()))
            .with(out(around.links.product(sku), text::full_page(around.name), "link"))
    })
}

fn nothing_near(model: &Model, around: &Around<'_>) -> Element {
    let notice = el("div").part("notice").attr("role", "status");
    let Some(spot) = &model.spot else {
        return notice
            .with(el("b").text(text::nowhere()))
            .with(el("p").text(text::nowhere_advice()))
            .with(app_link(model, around));
    };
    let place = if spot.label.is_empty() { text::place_near_you() } else { spot.label.as_str() };
    let advice = model.too_far.as_ref().map(|shop| {
        let distance = shop.distance_m.unwrap_or_default();
        text::none_near_advice(&around.tongue.distance(distance, &shop.location.country))
    });
    notice
        .with(el("b").text(text::none_near(place)))
        .with(advice.map(|advice| el("p").text(advice)))
        .with(el("button").attr("type", "button").part("button").on(Act::Tap(Event::OtherPlace)).text(text::change()))
        .with(app_link(model, around))
}

fn app_link(model: &Model, around: &Around<'_>) -> Element {
    let href = model.sku().map_or_else(|| around.links.shops(), |sku| around.links.product(sku));
    out(href, text::full_page(around.name), "link")
}

/// A link out of the page around, which learns nothing of where it came from.
fn out(href: String, words: impl Into<String>, part: &'static str) -> Element {
    el("a").part(part).attr("href", href).attr("target", "_blank").attr("rel", "noopener noreferrer").text(words)
}

fn waiting(model: &Model) -> Element {
    let bones = (0..model.options.limit).map(|_| el("span").class("bone tall"));
    el("div").class("waiting").all(bones).with(el("p").class("hint").attr("role", "status").text(if model.slow {
        text::loading()
    } else {
        ""
    }))
}

fn row(shop: &Shop, model: &Model, around: &Around<'_>) -> Element {
    let location = &shop.location;
    let distance = shop.distance_m.filter(|metres| *metres >= 25);
    let distance = distance.map(|metres| around.tongue.distance(metres, &location.country));
    let state = OpenState::at(around.now, location.open_spans.as_deref(), location.open_known_until);
    let (tone, open) = words::opening(state, around.now, &location.timezone, around.tongue);
    let name = el("span").part("shop").text(location.name.clone());
    let head =
        el("span").class("line").with(name).with(distance.map(|distance| el("span").part("distance").text(distance)));
    let about = el("span").class("what").with(head);
    let about = match model.options.kind {
        Kind::Locator => about.with(el("span").class("address").text(address(shop))).with(said(tone, open, "opening")),
        Kind::Stock(_) => about.with(el("span").class("hint").text(open)),
    };
    let row = el("li").part("row").with(about);
    let Some(sku) = model.sku() else {
        let label = [text::full_page(around.name), ": ".to_owned(), location.name.clone()].concat();
        let link = out(around.links.shop(&location.id), "›", "go").attr("aria-label", label);
        return row.with(link);
    };
    let (tone, words) = words::stock(model.reading(&location.id));
    let answered = model.row(&location.id);
    let why_not = words::reason(answered.and_then(|row| row.reason)).map(|why| el("span").class("hint").text(why));
    let row = row.with(el("span").class("stock").with(said(tone, words, "stock")).with(why_not));
    if !model.is_to_be_had(shop) {
        return row;
    }
    let label = text::reserve_at(&location.name);
    row.with(if model.reserves_in_app() {
        out(around.links.reserve(sku, &location.id), text::reserve(), "button").attr("aria-label", label)
    } else {
        el("button")
            .attr("type", "button")
            .part("button")
            .attr("aria-label", label)
            .on(Act::Tap(Event::Reserve(location.id.clone())))
            .text(text::reserve())
    })
}

/// Street, postcode and town in one line.
fn address(shop: &Shop) -> String {
    let location = &shop.location;
    let town = [&location.postal_code, " ", &location.town].concat();
    let parts = [location.street.trim(), town.trim()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// The question where the shopper is.
fn ask(model: &Model, around: &Around<'_>) -> Element {
    let id = format!("place-{}", around.id);
    let title = match model.options.kind {
        Kind::Stock(_) => Some(el("p").class("question").text(text::question())),
        Kind::Locator => None,
    };
    let busy = model.asking == Asking::Device;
    let device = model.offers_device().then(|| {
        el("button")
            .attr("type", "button")
            .part("button")
            .class("button wide")
            .flag("disabled", busy)
            .on(Act::Tap(Event::AskDevice))
            .text(if busy { text::place_asking() } else { text::place_use_device() })
    });
    let why = model.offers_device().then(|| el("p").class("hint").text(text::place_why()));
    let field = el("input")
        .part("input")
        .attr("id", id.clone())
        .attr("name", "place")
        .attr("autocomplete", "postal-code")
        .attr("maxlength", "80")
        .attr("enterkeyhint", "search")
        .on(Act::Type(Field::Place));
    let quiet = if model.offers_device() { "button quiet" } else { "button" };
    let form = el("form")
        .class("find")
        .attr("novalidate", "")
        .on(Act::Submit(Event::FindPlace))
        .with(el("label").attr("for", id).text(text::field()))
        .with(
            el("div")
                .class("pair")
                .with(field)
                .with(el("button").attr("type", "submit").attr("part", "button").class(quiet).text(text::find())),
        );
    el("div")
        .class("ask")
        .with(title)
        .with(device)
        .with(why)
        .with(form)
        .with(el("div").attr("role", "status").class("answer").all(answer(model)))
}

/// What came of the question.
fn answer(model: &Model) -> Vec<Element> {
    let hint = |words: &str| vec![el("p").class("hint problem").text(words)];
    match &model.asking {
        Asking::Not | Asking::Device => Vec::new(),
        Asking::DeviceFailed(problem) => hint(words::locate_problem(*problem)),
        Asking::NothingTyped => hint(text::field_empty()),
        Asking::Words(_) if model.slow => vec![el("p").class("hint").text(text::loading())],
        Asking::Words(_) => Vec::new(),
        Asking::WordsFailed(failure) => {
            let (title, advice) = words::failure(failure);
            vec![el("p").class("hint problem").text([title, ". ", advice].concat())]
        }
        Asking::Choose(typed, answer) if answer.places.is_empty() => hint(&text::place_none(typed)),
        Asking::Choose(typed, answer) => {
            let words = match &answer.showing {
                Some(showing) => text::place_no_exact_match(typed, showing),
                None => text::place_several().to_owned(),
            };
            let places = answer.places.iter().enumerate().map(|(at, place)| {
                el("button")
                    .attr("type", "button")
                    .part("place")
                    .on(Act::Tap(Event::TakePlace(at)))
                    .with(el("b").text(place.label.clone()))
                    .with(el("span").class("hint").text(place.detail.clone()))
            });
            [el("p").class("hint").text(words)].into_iter().chain(places).chain(credit(model)).collect()
        }
    }
}

/// Something stands in the way of everything.
fn notice(failure: &Failure, model: &Model, around: &Around<'_>) -> Element {
    let (title, advice) = words::failure(failure);
    // What no second try changes has another door.
    let again = !failure.is_of_the_key() && !matches!(failure, Failure::Problem(problem) if problem.status == 404);
    let again = again
        .then(|| el("button").attr("type", "button").part("button").on(Act::Tap(Event::Again)).text(text::try_again()));
    el("div")
        .part("notice")
        .key("failure")
        .attr("role", "alert")
        .with(el("b").text(title))
        .with(el("p").text(advice))
        .with(again)
        .with(app_link(model, around))
}

fn desk_form(desk: &Desk, model: &Model, around: &Around<'_>) -> Element {
    let shop = model.shop(&desk.shop);
    let name = shop.map(|shop| shop.location.name.as_str()).unwrap_or_default();
    let busy = desk.sending == Sending::OnItsWay;
    let among = |kinds: &[ContactProblem]| desk.problems.iter().find(|problem| kinds.contains(problem)).copied();
    let of_name = among(&[ContactProblem::NameMissing, ContactProblem::NameUnusable]);
    let of_email = among(&[ContactProblem::NoWayToReach, ContactProblem::EmailUnusable]);
    let outcome = match &desk.sending {
        Sending::Not | Sending::OnItsWay => None,
        Sending::LookFirst => Some(el("p").class("hint").text(text::confirm_first())),
        Sending::Failed(failure) => {
            let (title, advice) = words::not_reserved(failure, name);
            Some(el("div").part("notice").with(el("b").text(title)).with(el("p").text(advice)))
        }
    };
    let stock = shop.map(|shop| {
        let (tone, words) = words::stock(model.reading(&shop.location.id));
        said(tone, words, "stock")
    });
    let name_field = Input { field: Field::Name, name: "name", label: text::reserve_name(), problem: of_name };
    let email = Input { field: Field::Email, name: "email", label: text::reserve_email(), problem: of_email };
    el("form")
        .class("desk")
        .key("desk")
        .attr("novalidate", "")
        .on(Act::Submit(Event::Confirm))
        .with(el("p").class("question").attr("tabindex", "-1").attr(TAKES_FOCUS, "").text(text::reserve_at(name)))
        .with(el("p").class("line").with(stock).with(el("span").class("hint").text(text::reserve_pay())))
        .with(name_field.view(around.id))
        .with(email.view(around.id))
        .with(el("p").class("hint").text(text::reserve_privacy()))
        .with(el("div").attr("role", "alert").with(outcome))
        .with(
            el("button")
                .attr("type", "submit")
                .attr("part", "button confirm")
                .class("button wide main")
                .attr(MUST_BE_SEEN, "")
                .flag("disabled", busy)
                .text(if busy { text::reserve_asking(name) } else { text::reserve_at(name) }),
        )
        .with(
            el("button")
                .attr("type", "button")
                .part("link")
                .flag("disabled", busy)
                .on(Act::Tap(Event::Back))
                .text(text::back()),
        )
}

struct Input {
    field: Field,
    name: &'static str,
    label: &'static str,
    problem: Option<ContactProblem>,
}

impl Input {
    fn view(&self, box_id: usize) -> Element {
        let id = format!("{}-{box_id}", self.name);
        let wrong = format!("{id}-wrong");
        let mail = self.field == Field::Email;
        let input = el("input")
            .part("input")
            .attr("id", id.clone())
            .attr("name", self.name)
            .attr("type", if mail { "email" } else { "text" })
            .attr("autocomplete", self.name)
            .attr("maxlength", "254")
            .attr("required", "")
            .attr("aria-invalid", if self.problem.is_some() { "true" } else { "false" })
            .attr("aria-describedby", wrong.clone())
            .on(Act::Type(self.field));
        let words = self.problem.map(words::contact_problem).unwrap_or_default();
        el("div")
            .class("field")
            .with(el("label").attr("for", id).text(self.label))
            .with(input)
            .with(el("p").class("problem").attr("id", wrong).text(words))
    }
}

/// It was put aside: the server said so.
fn taken(receipt: &Reservation, model: &Model, around: &Around<'_>) -> Element {
    let shop = model.shop(&receipt.location_id);
    let name = shop.map(|shop| shop.location.name.as_str()).unwrap_or_default();
    let zone = shop.map(|shop| shop.location.timezone.as_str()).unwrap_or("UTC");
    let until = around.tongue.weekday_time(receipt.hold_expires_at, zone);
    let pass = receipt
        .pass_url
        .as_deref()
        .map(|path| out(around.links.pass(path), text::pass(), "button").class("button wide main"));
    el("div")
        .part("receipt")
        .key("receipt")
        .attr("role", "status")
        .with(
            el("p")
                .class("question")
                .attr("tabindex", "-1")
                .attr(TAKES_FOCUS, "")
                .with(el("span").class("said good").with(mark()).with(el("span").text(text::reserved()))),
        )
        .with(el("p").text(text::reserved_at(name)))
        .with(el("p").part("pass-code").text(receipt.code.clone()))
        .with(el("p").class("hint").text(text::kept_until(&until)))
        .with(pass)
        .with(el("button").attr("type", "button").part("link").on(Act::Tap(Event::Back)).text(text::back()))
}

#[cfg(test)]
mod tests;
