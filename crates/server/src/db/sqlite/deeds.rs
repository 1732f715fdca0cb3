//! What happens to a reservation after it was made, judged by the domain's table of transitions.

use domain::basket::Basket;
use domain::id::{ReservationId, Sku};
use domain::reservation::{Action, Actor, InvalidTransition, PickupCode};
use rusqlite::params;
use subtle::ConstantTimeEq;

use super::claims;
use super::ledger::{self, Kind, Movement};
use super::sweep::release_all;
use super::writer::WriteTx;
use super::{limits, reservations, reserve};
use crate::db::{DbError, Deed, DeedVerdict, Doer, Place, ReservationRow};

/// Does it, if the state of the reservation allows it to this caller. Whoever has the wrong secret, or a token of another
/// shop, learns nothing, not even whether the reservation exists.
pub(crate) fn act(
    tx: &mut WriteTx<'_>,
    name: &ReservationId,
    doer: &Doer,
    deed: &Deed,
) -> Result<DeedVerdict, DbError> {
    let Some(row) = reservations::load(tx.connection(), name)?.filter(|row| is_theirs(row, doer)) else {
        return Ok(DeedVerdict::NotFound);
    };
    let (action, status) = (deed.action(), row.status.at(tx.now(), row.hold_expires_at));
    let rule = match action.rule(status) {
        Err(refused) => return Ok(DeedVerdict::NotPossible(refused)),
        Ok(rule) => rule,
    };
    let by = match doer {
        Doer::Owner(_) => Actor::Shopper,
        Doer::Staff { .. } => Actor::Staff,
    };
    if rule.by != by {
        return Ok(DeedVerdict::NotFound);
    }
    if rule.is_repeat(status) {
        return Ok(DeedVerdict::Done(Box::new(ReservationRow { status, ..row })));
    }
    // A retry of a move that was done.
    if matches!(deed, Deed::ChangeLocation(place) if place.location == row.location) {
        return Ok(DeedVerdict::Done(Box::new(ReservationRow { status, ..row })));
    }
    let actor = match doer {
        Doer::Owner(_) => None,
        Doer::Staff { token, .. } => Some(token.as_str()),
    };
    let mut work = Work { tx, row: ReservationRow { status, ..row }, actor };
    match work.carry_out(deed)? {
        Some(refused) => Ok(refused),
        None => work.finish(),
    }
}

fn is_theirs(row: &ReservationRow, doer: &Doer) -> bool {
    match doer {
        Doer::Owner(hash) => bool::from(row.token_hash.ct_eq(hash)),
        Doer::Staff { location, .. } => row.location == *location,
    }
}

/// A reservation that is being changed.
struct Work<'a, 'c> {
    tx: &'a mut WriteTx<'c>,
    row: ReservationRow,
    actor: Option<&'a str>,
}

/// Which number of a line grows while its claim shrinks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Into {
    Collected,
    Rejected,
    Nothing,
}

type Refused = Option<DeedVerdict>;

impl Work<'_, '_> {
    /// Answers a refusal, before anything was written, or nothing.
    fn carry_out(&mut self, deed: &Deed) -> Result<Refused, DbError> {
        match deed {
            Deed::Cancel => self.cancel(),
            Deed::Extend => self.extend(),
            Deed::SetCollector(name) => self.set_collector(name),
            Deed::ChangeLocation(place) => self.change_location(place),
            Deed::ReleaseLine(sku, units) => self.release_line(sku, *units),
            Deed::Arrive(json) => {
                self.row.arrival = Some(json.clone());
                Ok(None)
            }
            Deed::Accept => Ok(self.become_after(Action::Accept, true)),
            Deed::Pick => self.fix(Action::Pick),
            Deed::Ready => {
                // Who was told "ready" late still gets the whole time to come.
                let from_now = self.tx.now().plus_millis(self.row.hold_ms);
                self.row.hold_expires_at = self.row.hold_expires_at.max(from_now);
                self.fix(Action::Ready)
            }
            Deed::RejectLine { sku, quantity, reason, missing } => self.reject(sku, *quantity, reason, *missing),
            Deed::Handover { code: Some(code), .. } if !PickupCode::is_same(&self.row.code, code) => {
                Ok(Some(DeedVerdict::WrongCode))
            }
            Deed::Handover { lines, .. } => self.hand_over(lines.as_ref()),
            Deed::PutBack => {
                release_all(self.tx, self.row.no, Kind::PutBack, self.actor)?;
                self.row.lines.iter_mut().for_each(|line| line.claimed = 0);
                Ok(None)
            }
            Deed::Return { lines, reason, restock } => self.take_back(lines.as_ref(), reason, *restock),
        }
    }

    fn finish(mut self) -> Result<DeedVerdict, DbError> {
        self.row.changed_at = self.tx.now();
        reservations::save(self.tx, &self.row)?;
        if !self.row.status.is_active() {
            limits::forget(self.tx, self.row.no)?;
        }
        Ok(DeedVerdict::Done(Box::new(self.row)))
    }

    /// Takes the next state out of the table.
    fn become_after(&mut self, action: Action, whole: bool) -> Refused {
        let next = if whole { self.row.status.after(action) } else { self.row.status.after_part(action) };
        match next {
            Ok(status) => {
                self.row.status = status;
                None
            }
            Err(refused) => Some(DeedVerdict::NotPossible(refused)),
        }
    }

    fn cancel(&mut self) -> Result<Refused, DbError> {
        // Picked goods are at the desk: they are promised to nobody else until somebody has put them back.
        if self.row.status.is_unpicked() {
            release_all(self.tx, self.row.no, Kind::Release, self.actor)?;
            self.row.lines.iter_mut().for_each(|line| line.claimed = 0);
        }
        Ok(self.become_after(Action::Cancel, true))
    }

    fn extend(&mut self) -> Result<Refused, DbError> {
        if self.row.extended {
            return Ok(Some(DeedVerdict::AlreadyExtended));
        }
        self.row.extended = true;
        self.row.hold_expires_at = self.row.hold_expires_at.plus_millis(self.row.hold_ms);
        self.tx
            .connection()
            .prepare_cached("UPDATE hold SET expires_at = ?2 WHERE reservation_no = ?1 AND expires_at IS NOT NULL")?
            .execute(params![self.row.no, self.row.hold_expires_at.millis()])?;
        Ok(None)
    }

    fn set_collector(&mut self, name: &str) -> Result<Refused, DbError> {
        self.tx
            .connection()
            .prepare_cached("UPDATE reservation_contact SET collector = ?2 WHERE reservation_no = ?1")?
            .execute(params![self.row.no, name])?;
        name.clone_into(&mut self.row.collector);
        Ok(None)
    }

    /// The other shop is asked first: what is held here is given up only for a promise there.
    fn change_location(&mut self, place: &Place) -> Result<Refused, DbError> {
        let lines = self.row.lines.iter().filter(|line| line.claimed > 0);
        let Ok(basket) = Basket::new(lines.map(|line| (line.sku.clone(), line.claimed))) else {
            let refused = InvalidTransition { from: self.row.status, action: Action::ChangeLocation };
            return Ok(Some(DeedVerdict::NotPossible(refused)));
        };
        let claimed = match claims::claim_all(self.tx, place, self.row.method, &basket, self.row.no)? {
            Err(refusal) => return Ok(Some(DeedVerdict::No(refusal))),
            Ok(claimed) => claimed,
        };
        release_all(self.tx, self.row.no, Kind::Release, self.actor)?;
        for line in &claimed.lines {
            self.tx
                .connection()
                .prepare_cached(
                    "UPDATE hold SET location_id = ?3, claimed = ?4, expires_at = ?5, price_amount = ?6, price_currency = ?7
                      WHERE reservation_no = ?1 AND sku = ?2",
                )?
                .execute(params![
                    self.row.no,
                    line.sku.as_str(),
                    place.location.as_str(),
                    line.claimed,
                    claimed.hold_expires_at.millis(),
                    line.price.map(|price| price.amount),
                    line.price.as_ref().map(|price| price.currency.as_str()),
                ])?;
            if let Some(known) = self.row.lines.iter_mut().find(|known| known.sku == line.sku) {
                known.price = line.price;
            }
        }
        self.row.location = place.location.clone();
        self.row.ready_by = claimed.ready_by;
        // The time was agreed with the other shop.
        self.row.window = claimed.window;
        self.row.hold_ms = claimed.hold_ms;
        self.row.hold_expires_at = claimed.hold_expires_at;
        self.row.arrival = None;
        reserve::redraw_code(self.tx, &mut self.row)?;
        Ok(self.become_after(Action::ChangeLocation, true))
    }

    fn release_line(&mut self, sku: &Sku, units: Option<u32>) -> Result<Refused, DbError> {
        let (claimed, all) = match self.units(sku, units) {
            Err(refused) => return Ok(Some(refused)),
            Ok(found) => found,
        };
        if all && self.row.claimed() == claimed {
            // The last line: the reservation is given back, and its pass still says of what.
            release_all(self.tx, self.row.no, Kind::Release, self.actor)?;
            self.row.lines.iter_mut().for_each(|line| line.claimed = 0);
            return Ok(self.become_after(Action::ReleaseLine, true));
        }
        self.shrink(sku, claimed, Into::Nothing, None)?;
        self.post(Kind::Release, sku, 0, -i64::from(claimed))?;
        let left = self.row.lines.iter_mut().find(|line| line.sku == *sku);
        let left = left.map_or(0, |line| {
            line.quantity -= claimed;
            line.quantity
        });
        let (connection, no) = (self.tx.connection(), self.row.no);
        if left == 0 {
            let sql = "DELETE FROM hold WHERE reservation_no = ?1 AND sku = ?2";
            connection.prepare_cached(sql)?.execute(params![no, sku.as_str()])?;
        } else {
            let sql = "UPDATE hold SET quantity = ?3 WHERE reservation_no = ?1 AND sku = ?2";
            connection.prepare_cached(sql)?.execute(params![no, sku.as_str(), left])?;
        }
        self.row.lines.retain(|line| line.quantity > 0);
        Ok(self.become_after(Action::ReleaseLine, false))
    }

    /// Somebody has the goods in hand: from now on only a person ends the claim.
    fn fix(&mut self, action: Action) -> Result<Refused, DbError> {
        self.tx
            .connection()
            .prepare_cached("UPDATE hold SET expires_at = NULL WHERE reservation_no = ?")?
            .execute([self.row.no])?;
        Ok(self.become_after(action, true))
    }

    fn reject(&mut self, sku: &Sku, units: Option<u32>, reason: &str, missing: bool) -> Result<Refused, DbError> {
        let units = match self.units(sku, units) {
            Err(refused) => return Ok(Some(refused)),
            Ok((units, _)) => units,
        };
        self.shrink(sku, units, Into::Rejected, Some(reason))?;
        // What is not there, or broken, must not be promised to the next one.
        let gone = if missing { -i64::from(units) } else { 0 };
        self.post(Kind::Reject, sku, gone, -i64::from(units))?;
        let nothing_left = self.row.claimed() == 0 && self.row.lines.iter().all(|line| line.collected == 0);
        Ok(self.become_after(Action::RejectLine, nothing_left))
    }

    fn hand_over(&mut self, lines: Option<&Basket>) -> Result<Refused, DbError> {
        let wanted: Vec<(Sku, u32)> = match lines {
            Some(basket) => basket.lines().iter().map(|line| (line.sku.clone(), line.quantity)).collect(),
            None => {
                self.row.lines.iter().map(|line| (line.sku.clone(), line.claimed)).filter(|(_, n)| *n > 0).collect()
            }
        };
        if wanted.is_empty() {
            let refused = InvalidTransition { from: self.row.status, action: Action::Handover };
            return Ok(Some(DeedVerdict::NotPossible(refused)));
        }
        for (sku, units) in &wanted {
            if let Err(refused) = self.units(sku, Some(*units)) {
                return Ok(Some(refused));
            }
        }
        for (sku, units) in &wanted {
            self.shrink(sku, *units, Into::Collected, None)?;
            self.post(Kind::Collect, sku, -i64::from(*units), -i64::from(*units))?;
        }
        // "Collected" is said only of everything.
        let whole = self.row.lines.iter().all(|line| line.collected == line.quantity);
        Ok(self.become_after(Action::Handover, whole))
    }

    fn take_back(&mut self, lines: Option<&Basket>, reason: &str, restock: bool) -> Result<Refused, DbError> {
        let out = |row: &ReservationRow, sku: &Sku| {
            row.lines.iter().find(|line| line.sku == *sku).map(|line| line.collected - line.returned)
        };
        let wanted: Vec<(Sku, u32)> = match lines {
            Some(basket) => basket.lines().iter().map(|line| (line.sku.clone(), line.quantity)).collect(),
            None => {
                self.row.lines.iter().map(|l| (l.sku.clone(), l.collected - l.returned)).filter(|l| l.1 > 0).collect()
            }
        };
        for (sku, units) in &wanted {
            match out(&self.row, sku) {
                None => return Ok(Some(DeedVerdict::UnknownLine(sku.clone()))),
                Some(most) if *units > most => return Ok(Some(DeedVerdict::TooMany(sku.clone(), most))),
                Some(_) => {}
            }
        }
        for (sku, units) in &wanted {
            self.tx
                .connection()
                .prepare_cached(
                    "UPDATE hold SET returned = returned + ?3, reason = ?4 WHERE reservation_no = ?1 AND sku = ?2",
                )?
                .execute(params![self.row.no, sku.as_str(), units, reason])?;
            if restock {
                self.post(Kind::Return, sku, i64::from(*units), 0)?;
            }
            if let Some(line) = self.row.lines.iter_mut().find(|line| line.sku == *sku) {
                line.returned += units;
                line.reason = Some(reason.to_owned());
            }
        }
        let whole = self.row.claimed() == 0 && self.row.lines.iter().all(|line| line.returned == line.collected);
        Ok(self.become_after(Action::Return, whole))
    }

    /// The units of a line that are meant, and whether that is all of its claim.
    fn units(&self, sku: &Sku, units: Option<u32>) -> Result<(u32, bool), DeedVerdict> {
        let line = self.row.lines.iter().find(|line| line.sku == *sku);
        let line = line.ok_or_else(|| DeedVerdict::UnknownLine(sku.clone()))?;
        let units = units.unwrap_or(line.claimed);
        if units == 0 || units > line.claimed {
            return Err(DeedVerdict::TooMany(sku.clone(), line.claimed));
        }
        Ok((units, units == line.claimed))
    }

    /// Takes units off a claim, and says what became of them.
    fn shrink(&mut self, sku: &Sku, units: u32, into: Into, reason: Option<&str>) -> Result<(), DbError> {
        let collected = if into == Into::Collected { units } else { 0 };
        let rejected = if into == Into::Rejected { units } else { 0 };
        self.tx
            .connection()
            .prepare_cached(
                "UPDATE hold SET claimed = claimed - ?3, collected = collected + ?4, rejected = rejected + ?5,
                                 reason = COALESCE(?6, reason)
                  WHERE reservation_no = ?1 AND sku = ?2",
            )?
            .execute(params![self.row.no, sku.as_str(), units, collected, rejected, reason])?;
        if let Some(line) = self.row.lines.iter_mut().find(|line| line.sku == *sku) {
            line.claimed -= units;
            line.collected += collected;
            line.rejected += rejected;
            if let Some(reason) = reason {
                line.reason = Some(reason.to_owned());
            }
        }
        Ok(())
    }

    fn post(&mut self, kind: Kind, sku: &Sku, on_hand: i64, reserved: i64) -> Result<(), DbError> {
        let movement = Movement {
            kind,
            location: &self.row.location,
            sku,
            on_hand,
            reserved,
            reservation: Some(self.row.no),
            actor: self.actor,
        };
        ledger::post(self.tx, &movement).map(drop)
    }
}
