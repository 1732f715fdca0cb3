//! Where the shopper is: by the device, by words, or from another box.

use domain::geo::Position;

use super::{Effect, Failure, Field, Line, Model, Remote, emitted};
use crate::options::Near;
use crate::wire::{Place, Places};

/// The most letters that somebody may type as a place.
const LONGEST_PLACE: usize = 80;

/// Why the device did not say where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocateProblem {
    /// The shopper said no.
    Denied,
    /// The page around does not let us ask.
    Blocked,
    /// The device cannot tell.
    Unavailable,
    /// Not in time.
    TimedOut,
    /// There is no such power here.
    Unsupported,
}

/// Where the shopper is, as far as the box knows; kept as long as the page is there, and never sent as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot {
    /// What it is called; empty where the device said it.
    pub label: String,
    /// Where it is.
    pub position: Position,
}

/// How the question where the shopper is stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Asking {
    /// Not asked.
    Not,
    /// The device is asked.
    Device,
    /// The device did not say.
    DeviceFailed(LocateProblem),
    /// Places of this name are looked for.
    Words(String),
    /// Nothing was typed.
    NothingTyped,
    /// The looking failed.
    WordsFailed(Failure),
    /// There are several, or none that is exactly that: what was typed, and what was found.
    Choose(String, Places),
}

impl Model {
    pub(super) fn device_failed(&mut self, problem: LocateProblem) {
        self.asking = Asking::DeviceFailed(problem);
        // Who may not ask need not offer it again.
        self.may_locate &= !matches!(problem, LocateProblem::Blocked | LocateProblem::Unsupported);
    }

    pub(super) fn place_typed(&mut self, field: Field, text: String) {
        if field == Field::Place {
            self.typed = text.chars().take(LONGEST_PLACE).collect();
        }
    }

    pub(super) fn find_place(&mut self) -> Vec<Effect> {
        let words = self.typed.trim().to_owned();
        if words.is_empty() {
            self.asking = Asking::NothingTyped;
            return Vec::new();
        }
        self.asking = Asking::Words(words.clone());
        vec![Effect::FindPlace(words)]
    }

    pub(super) fn places(&mut self, answer: Result<Places, Failure>) -> Vec<Effect> {
        let Asking::Words(words) = &self.asking else { return Vec::new() };
        self.credit = answer.as_ref().ok().and_then(|answer| answer.credit.clone());
        match answer {
            Err(failure) => {
                self.asking = Asking::WordsFailed(failure);
                Vec::new()
            }
            Ok(answer) => match (answer.exact, answer.places.as_slice()) {
                (true, [place, ..]) | (_, [place]) => {
                    let spot = spot(place);
                    self.located(spot, "postcode")
                }
                _ => {
                    self.asking = Asking::Choose(words.clone(), answer);
                    Vec::new()
                }
            },
        }
    }

    /// One of those that were found.
    pub(super) fn take_place(&mut self, at: usize) -> Vec<Effect> {
        match &self.asking {
            Asking::Choose(_, answer) => {
                answer.places.get(at).map(spot).map_or_else(Vec::new, |s| self.located(s, "postcode"))
            }
            _ => Vec::new(),
        }
    }

    /// Another box learned where the shopper is.
    pub(super) fn told(&mut self, spot: Spot) -> Vec<Effect> {
        // A shopper at the desk stays there.
        let at_desk = self.desk.is_some() || self.receipt.is_some();
        if at_desk || self.options.near == Near::Nowhere { Vec::new() } else { self.around(spot) }
    }

    pub(super) fn other_place(&mut self) -> Vec<Effect> {
        (self.asking, self.spot, self.too_far) = (Asking::Not, None, None);
        (self.shops, self.stock, self.typed) = (Remote::Idle, Remote::Idle, String::new());
        self.line = Line::Not;
        self.watch_nothing()
    }

    pub(super) fn located(&mut self, spot: Spot, by: &str) -> Vec<Effect> {
        let mut effects = self.around(spot.clone());
        effects.push(Effect::Tell(spot));
        effects.push(emitted("nearshelf:located", &[("by", by)]));
        effects
    }

    fn around(&mut self, spot: Spot) -> Vec<Effect> {
        let asked = spot.position.rounded();
        (self.asking, self.spot, self.too_far) = (Asking::Not, Some(spot), None);
        (self.shops, self.stock, self.slow, self.line) = (Remote::Loading, Remote::Idle, false, Line::Not);
        vec![Effect::LoadShops(Some(asked))]
    }
}

fn spot(place: &Place) -> Spot {
    Spot { label: place.label.clone(), position: place.geo }
}

#[cfg(test)]
mod tests {
    use super::super::example::{at_desk, begun};
    use super::super::{Event, World};
    use super::*;

    #[test]
    fn the_exact_place_is_neither_sent_nor_told_to_the_page() {
        let mut model = begun(&[]);
        let exact = Position::new(45.764_321, 4.835_678).unwrap();
        let effects = model.happened(Event::Device(Ok(exact)), &World::default());
        assert!(effects.contains(&Effect::LoadShops(Some(Position::new(45.76, 4.84).unwrap()))), "{effects:?}");
        let told: Vec<_> = effects.iter().filter(|effect| matches!(effect, Effect::Emit(..))).collect();
        assert_eq!(told, [&Effect::Emit("nearshelf:located", vec![("by", "device".to_owned())])]);
    }

    #[test]
    fn another_box_that_learns_the_place_tells_this_one_but_not_at_its_desk() {
        let spot = Spot { label: "Nice".into(), position: Position::new(43.7, 7.26).unwrap() };
        assert!(!begun(&[]).happened(Event::Told(spot.clone()), &World::default()).is_empty());
        assert!(begun(&[("near", "none")]).happened(Event::Told(spot.clone()), &World::default()).is_empty());
        assert!(at_desk().happened(Event::Told(spot), &World::default()).is_empty());
    }

    #[test]
    fn a_device_that_may_not_be_asked_is_not_offered_any_more() {
        let mut model = begun(&[]);
        assert!(model.offers_device());
        model.happened(Event::Device(Err(LocateProblem::Denied)), &World::default());
        assert!(model.offers_device(), "the shopper may think again");
        model.happened(Event::Device(Err(LocateProblem::Blocked)), &World::default());
        assert!(!model.offers_device());
        assert!(!begun(&[("near", "postcode")]).offers_device());
    }

    #[test]
    fn a_place_is_taken_where_it_is_plain_and_asked_about_where_it_is_not() {
        let place = |label: &str| Place {
            label: label.into(),
            detail: String::new(),
            geo: Position::new(45.76, 4.85).unwrap(),
        };
        let asked = |exact, labels: &[&str]| {
            let mut model = begun(&[]);
            model.happened(Event::Typed(Field::Place, " lyon ".into()), &World::default());
            let effects = model.happened(Event::FindPlace, &World::default());
            assert_eq!(effects, [Effect::FindPlace("lyon".into())]);
            let places = labels.iter().map(|label| place(label)).collect();
            model.happened(Event::Places(Ok(Places { exact, places, ..Places::default() })), &World::default());
            model
        };
        assert_eq!(asked(true, &["Lyon", "Lyons"]).spot.unwrap().label, "Lyon");
        assert_eq!(asked(false, &["Lyon"]).spot.unwrap().label, "Lyon");
        let mut model = asked(false, &["Springfield IL", "Springfield MA"]);
        assert!(model.spot.is_none() && matches!(model.asking, Asking::Choose(..)));
        model.happened(Event::TakePlace(1), &World::default());
        assert_eq!(model.spot.unwrap().label, "Springfield MA");
        let mut model = asked(false, &[]);
        model.happened(Event::TakePlace(7), &World::default());
        assert!(model.spot.is_none());
    }
}
