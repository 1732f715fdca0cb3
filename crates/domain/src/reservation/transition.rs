//! What may happen to a reservation: one table, read by server, app and proofs alike.

use super::status::Status;

/// Who does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// Whoever has the link of the reservation.
    Shopper,
    /// Somebody in its shop.
    Staff,
    /// Time itself; decided at each reading, and written down by the sweeper.
    System,
}

/// What can happen to a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// The shopper gives it back.
    Cancel,
    /// The shopper needs longer, once.
    Extend,
    /// Somebody else will come for it.
    SetCollector,
    /// The shopper would rather fetch it from another shop.
    ChangeLocation,
    /// The shopper gives one line back.
    ReleaseLine,
    /// The shopper is on the way, or at the kerb.
    Arrive,
    /// The shop takes it on.
    Accept,
    /// Somebody goes to fetch it from the shelf.
    Pick,
    /// It lies at the desk.
    Ready,
    /// The shop cannot do one line.
    RejectLine,
    /// Goods change hands.
    Handover,
    /// Picked goods that nobody takes go back to the shelf.
    PutBack,
    /// Goods that were handed over come back.
    Return,
    /// Its time is over.
    Expire,
}

/// What an action does to the units it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StockEffect {
    /// Nothing.
    None,
    /// The claim ends: the units may be promised to others.
    Release,
    /// The claim ends where the goods were not picked; picked ones wait for [`Action::PutBack`].
    ReleaseUnpicked,
    /// The claim no longer ends by itself: somebody has the goods in hand.
    Fix,
    /// Claim and units go: they left the shop.
    Take,
    /// Units come back to the shelf, where they are still good.
    Restock,
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// What happens.
    pub action: Action,
    /// Who may do it.
    pub by: Actor,
    /// The states in which it is possible.
    pub from: &'static [Status],
    /// The state after it, where all that was left is concerned; `None` where it stays as it is.
    pub to: Option<Status>,
    /// The state after it where some is left; `None` where it stays as it is.
    pub part: Option<Status>,
    /// The states in which doing it again changes nothing and is no error.
    pub again: &'static [Status],
    /// What it does to the stock.
    pub stock: StockEffect,
}

use Status as S;

const UNPICKED: &[Status] = &[S::Held, S::Accepted];
const ACTIVE: &[Status] = &[S::Held, S::Accepted, S::Picking, S::Ready];

/// The life of a reservation.
///
/// ```text
/// held ─ accepted ─ picking ─ ready ─ collected ─ returned
///   │        │         │        ├ partially_collected
///   ├ expired┘         │        └ no_show (time is over; the goods wait to be put back)
///   └ cancelled, rejected ──────┘
/// ```
pub const RULES: &[Rule] = &[
    row(Action::Cancel, Actor::Shopper, ACTIVE, Some(S::Cancelled), StockEffect::ReleaseUnpicked)
        .again(&[S::Cancelled]),
    row(Action::Extend, Actor::Shopper, ACTIVE, None, StockEffect::None),
    row(Action::SetCollector, Actor::Shopper, ACTIVE, None, StockEffect::None),
    row(Action::ChangeLocation, Actor::Shopper, UNPICKED, Some(S::Held), StockEffect::Release),
    row(Action::ReleaseLine, Actor::Shopper, UNPICKED, Some(S::Cancelled), StockEffect::Release).part(None),
    row(Action::Arrive, Actor::Shopper, ACTIVE, None, StockEffect::None),
    row(Action::Accept, Actor::Staff, &[S::Held], Some(S::Accepted), StockEffect::None).again(&[S::Accepted]),
    row(Action::Pick, Actor::Staff, UNPICKED, Some(S::Picking), StockEffect::Fix).again(&[S::Picking]),
    row(Action::Ready, Actor::Staff, &[S::Held, S::Accepted, S::Picking], Some(S::Ready), StockEffect::Fix)
        .again(&[S::Ready]),
    row(Action::RejectLine, Actor::Staff, ACTIVE, Some(S::Rejected), StockEffect::Release).part(None),
    // Who comes a little late finds the goods still at the desk.
    row(
        Action::Handover,
        Actor::Staff,
        &[S::Ready, S::PartiallyCollected, S::NoShow],
        Some(S::Collected),
        StockEffect::Take,
    )
    .part(Some(S::PartiallyCollected)),
    row(Action::PutBack, Actor::Staff, &[S::Cancelled, S::NoShow, S::PartiallyCollected], None, StockEffect::Release),
    row(Action::Return, Actor::Staff, &[S::Collected, S::PartiallyCollected], Some(S::Returned), StockEffect::Restock)
        .part(None),
    // Two rows for time: what nobody picked is free again, what waits at the desk is only late.
    row(Action::Expire, Actor::System, UNPICKED, Some(S::Expired), StockEffect::Release).again(&[S::Expired]),
    row(Action::Expire, Actor::System, &[S::Ready], Some(S::NoShow), StockEffect::None).again(&[S::NoShow]),
];

const fn row(action: Action, by: Actor, from: &'static [Status], to: Option<Status>, stock: StockEffect) -> Rule {
    Rule { action, by, from, to, part: to, again: &[], stock }
}

impl Rule {
    const fn again(self, again: &'static [Status]) -> Self {
        Self { again, ..self }
    }

    const fn part(self, part: Option<Status>) -> Self {
        Self { part, ..self }
    }

    /// Whether the action was done before, so that doing it in state `from` changes nothing.
    #[must_use]
    pub fn is_repeat(&self, from: Status) -> bool {
        self.again.contains(&from)
    }
}

/// The action is not possible in that state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidTransition {
    /// The state in which it was tried.
    pub from: Status,
    /// What was tried.
    pub action: Action,
}

impl Action {
    /// The row of the table for this action in state `from`.
    ///
    /// # Errors
    /// [`InvalidTransition`] where the action is not possible.
    pub fn rule(self, from: Status) -> Result<&'static Rule, InvalidTransition> {
        RULES
            .iter()
            .find(|rule| rule.action == self && (rule.from.contains(&from) || rule.again.contains(&from)))
            .ok_or(InvalidTransition { from, action: self })
    }

    /// Whether it is a step towards the goods, so that somebody who tries it too late has lost something.
    #[must_use]
    pub fn goes_on(self) -> bool {
        !matches!(self, Action::Cancel | Action::Handover | Action::PutBack | Action::Return | Action::Expire)
    }

    /// What was tried, as the end of a sentence: "it cannot be …".
    #[must_use]
    pub fn done(self) -> &'static str {
        match self {
            Action::Cancel => "cancelled",
            Action::Extend => "extended",
            Action::SetCollector => "given to somebody else to collect",
            Action::ChangeLocation => "moved to another shop",
            Action::ReleaseLine => "changed",
            Action::Arrive => "waited for",
            Action::Accept => "accepted",
            Action::Pick => "picked",
            Action::Ready => "made ready",
            Action::RejectLine => "rejected",
            Action::Handover => "handed over",
            Action::PutBack => "put back",
            Action::Return => "returned",
            Action::Expire => "ended",
        }
    }
}

impl Status {
    /// The state after an action that concerns all that is left. What was done before changes nothing and is no error.
    ///
    /// # Errors
    /// [`InvalidTransition`] where the action is not possible.
    pub fn after(self, action: Action) -> Result<Status, InvalidTransition> {
        let rule = action.rule(self)?;
        Ok(if rule.is_repeat(self) { self } else { rule.to.unwrap_or(self) })
    }

    /// The state after an action that leaves something to be done.
    ///
    /// # Errors
    /// [`InvalidTransition`] where the action is not possible.
    pub fn after_part(self, action: Action) -> Result<Status, InvalidTransition> {
        let rule = action.rule(self)?;
        Ok(if rule.is_repeat(self) { self } else { rule.part.unwrap_or(self) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn possible(action: Action) -> Vec<Status> {
        Status::ALL.into_iter().filter(|s| s.after(action).is_ok()).collect()
    }

    #[test]
    fn each_action_is_possible_in_these_states_and_no_others() {
        let check = |action, expect: &[Status]| assert_eq!(possible(action), expect, "{action:?}");
        check(Action::Cancel, &[S::Held, S::Accepted, S::Picking, S::Ready, S::Cancelled]);
        check(Action::Extend, ACTIVE);
        check(Action::SetCollector, ACTIVE);
        check(Action::Arrive, ACTIVE);
        check(Action::ChangeLocation, UNPICKED);
        check(Action::ReleaseLine, UNPICKED);
        check(Action::Accept, UNPICKED);
        check(Action::Pick, &[S::Held, S::Accepted, S::Picking]);
        check(Action::Ready, ACTIVE);
        check(Action::RejectLine, ACTIVE);
        check(Action::Handover, &[S::Ready, S::PartiallyCollected, S::NoShow]);
        check(Action::PutBack, &[S::PartiallyCollected, S::Cancelled, S::NoShow]);
        check(Action::Return, &[S::Collected, S::PartiallyCollected]);
        check(Action::Expire, &[S::Held, S::Accepted, S::Ready, S::Expired, S::NoShow]);
    }

    #[test]
    fn only_what_nobody_picked_is_released_by_time_or_by_the_shopper() {
        for rule in RULES.iter().filter(|rule| rule.by != Actor::Staff) {
            if rule.stock == StockEffect::Release {
                assert!(rule.from.iter().all(|status| status.is_unpicked()), "{rule:?}");
            }
        }
    }

    #[test]
    fn a_row_is_unambiguous_and_ends_where_repeating_it_is_harmless() {
        for action in RULES.iter().map(|rule| rule.action) {
            for status in Status::ALL {
                let rows = RULES.iter().filter(|r| r.action == action);
                let rows = rows.filter(|r| r.from.contains(&status) || r.again.contains(&status));
                assert!(rows.count() <= 1, "{action:?} in {status:?}");
            }
        }
        // What is over stays over: nothing leads back into an active state but moving to another shop.
        for rule in RULES {
            if rule.from.iter().any(|status| !status.is_active()) {
                assert!(rule.to.is_none_or(|to| !to.is_active()), "{rule:?}");
            }
        }
    }

    #[test]
    fn part_of_it_leaves_the_rest_as_it_is() {
        assert_eq!(S::Ready.after_part(Action::Handover), Ok(S::PartiallyCollected));
        assert_eq!(S::Ready.after(Action::Handover), Ok(S::Collected));
        assert_eq!(S::Accepted.after_part(Action::RejectLine), Ok(S::Accepted));
        assert_eq!(S::Accepted.after(Action::RejectLine), Ok(S::Rejected));
        assert_eq!(S::Held.after_part(Action::ReleaseLine), Ok(S::Held));
        assert_eq!(S::Collected.after_part(Action::Return), Ok(S::Collected));
        assert!(S::Collected.after(Action::Handover).is_err());
    }
}
