//! Reservations, as their owners and as their shops see them.

use std::collections::HashMap;

use api_contract::reservation::{Arrival, Reservation, ReservedItem};
use api_contract::staff::{Task, TaskItem, Todo};
use domain::id::Sku;
use domain::inventory::at_risk;
use domain::reservation::{Action, Status};
use domain::time::Timestamp;

use crate::db::{ReservationRow, ShelfRow};

/// A reservation as its owner sees it, without the secret.
#[must_use]
pub fn reservation(row: &ReservationRow, now: Timestamp) -> Reservation {
    let items = row.lines.iter().map(|line| ReservedItem {
        sku: line.sku.clone(),
        quantity: line.quantity,
        title: line.title.clone(),
        variant: line.variant.clone(),
        price: line.price,
        image: line.image.clone(),
        collected: line.collected,
        rejected: line.rejected,
        returned: line.returned,
        reason: line.reason.clone(),
    });
    let status = row.status.at(now, row.hold_expires_at);
    Reservation {
        id: row.id.clone(),
        code: row.code.clone(),
        status,
        method: row.method,
        location_id: row.location.clone(),
        items: items.collect(),
        collector: row.collector.clone(),
        created_at: row.created_at,
        hold_expires_at: row.hold_expires_at,
        ready_by: row.ready_by,
        pickup_from: row.window.map(|(from, _)| from),
        pickup_until: row.window.map(|(_, until)| until),
        can_extend: !row.extended && status.after(Action::Extend).is_ok(),
        arrival: arrival(row),
        manage_token: None,
        pass_url: None,
    }
}

fn arrival(row: &ReservationRow) -> Option<Arrival> {
    serde_json::from_str(row.arrival.as_deref()?).ok()
}

/// A reservation as its shop sees it.
#[must_use]
pub fn task(row: &ReservationRow, now: Timestamp) -> Task {
    let status = row.status.at(now, row.hold_expires_at);
    let items = row.lines.iter().map(|line| TaskItem {
        sku: line.sku.clone(),
        title: line.title.clone(),
        variant: line.variant.clone(),
        quantity: line.quantity,
        open: line.claimed,
        collected: line.collected,
        rejected: line.rejected,
        returned: line.returned,
        aisle: None,
        at_risk: None,
    });
    Task {
        id: row.id.clone(),
        code: row.code.clone(),
        status,
        todo: todo(row, status, now),
        method: row.method,
        items: items.collect(),
        collector: row.collector.clone(),
        created_at: row.created_at,
        ready_by: row.ready_by,
        hold_expires_at: row.hold_expires_at,
        arrival: arrival(row),
        promo_codes: row.promo_codes.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default(),
        attribution: row.attribution.as_deref().and_then(|text| serde_json::from_str(text).ok()),
    }
}

fn todo(row: &ReservationRow, status: Status, now: Timestamp) -> Todo {
    match status {
        Status::Held => Todo::Accept,
        Status::Accepted => Todo::Pick,
        Status::Picking => Todo::MakeReady,
        Status::Ready => Todo::HandOver,
        _ if row.waits_to_be_put_back(now) => Todo::PutBack,
        _ => Todo::Nothing,
    }
}

/// All tasks of a shop, with where things lie and which promises the shelves cannot keep.
#[must_use]
pub fn tasks(rows: &[ReservationRow], shelves: &[ShelfRow], now: Timestamp) -> Vec<Task> {
    let shelves: HashMap<&Sku, &ShelfRow> = shelves.iter().map(|shelf| (&shelf.sku, shelf)).collect();
    let mut claims: HashMap<&Sku, Vec<u32>> = HashMap::new();
    for line in rows.iter().flat_map(|row| &row.lines) {
        claims.entry(&line.sku).or_default().push(line.claimed);
    }
    let late = |sku: &Sku, units: &[u32]| {
        let on_hand = shelves.get(sku).and_then(|shelf| shelf.shelf.on_hand);
        on_hand.map_or_else(|| vec![false; units.len()], |on_hand| at_risk(on_hand, units))
    };
    let mut late: HashMap<&Sku, std::vec::IntoIter<bool>> =
        claims.iter().map(|(sku, units)| (*sku, late(sku, units).into_iter())).collect();
    let mut tasks: Vec<Task> = rows.iter().map(|row| task(row, now)).collect();
    for (row, task) in rows.iter().zip(&mut tasks) {
        for (line, item) in row.lines.iter().zip(&mut task.items) {
            item.aisle = shelves.get(&line.sku).and_then(|shelf| shelf.aisle.clone());
            item.at_risk = late.get_mut(&line.sku).and_then(Iterator::next).map(|late| late && line.claimed > 0);
        }
    }
    tasks
}
