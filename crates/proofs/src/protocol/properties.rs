//! What must hold in every state that can be reached, and what must be reachable so that this says anything.

use stateright::Property;

use super::store::{Reply, Row};
use super::{Client, ON_HAND, Protocol, Told, World};

pub(super) fn all() -> Vec<Property<Protocol>> {
    vec![
        Property::always("active claims fit on the shelf", |_, world: &World| {
            (0..2).all(|sku| claimed(world, sku, |row| row.is_active(world.now)) <= u32::from(ON_HAND[sku]))
        }),
        Property::always("the counter is the sum of unreleased claims", |_, world: &World| {
            (0..2).all(|sku| u32::try_from(world.store.counter[sku]) == Ok(claimed(world, sku, |row| !row.released)))
        }),
        Property::always("one key has one effect", |_, world: &World| {
            (0..world.clients.len()).all(|c| rows(world, c).count() <= 1)
        }),
        Property::always("who was told 201 has a durable reservation", |_, world: &World| {
            told(world, |client| client.told.held, |world, c| rows(world, c).count() > 0)
        }),
        Property::always("nobody is about to be told 201 for nothing", |_, world: &World| {
            told(world, |client| client.answers.held, |world, c| rows(world, c).count() > 0)
        }),
        Property::always("who was told that it is given back has nothing on the shelf", |_, world: &World| {
            told(world, |client| client.told.cancelled, |world, c| rows(world, c).all(|row| row.released))
        }),
        Property::always("a released claim is credited once", |_, world: &World| {
            world.store.rows.iter().all(|row| row.credits == u8::from(row.released))
        }),
        Property::always("a key has one answer for ever", |_, world: &World| {
            world.clients.iter().enumerate().all(|(c, client)| {
                let held = client.told.held || client.answers.held;
                let short = client.told.short || client.answers.short;
                let stored = world.store.keys[c];
                match (held, short) {
                    (true, true) => false,
                    (true, false) => stored != Some(Reply::Short),
                    (false, true) => stored != Some(Reply::Held),
                    (false, false) => true,
                }
            })
        }),
        Property::sometimes("somebody has the last unit", |_, world: &World| {
            world.store.counter == [1, 2] && world.clients.iter().all(|client| client.answers == Told::default())
        }),
        Property::sometimes("a 201 is said again", |_, world: &World| {
            world.clients.iter().any(|client| client.told.held && client.answers.held)
        }),
        Property::sometimes("a 409 is said again though there would be enough now", |_, world: &World| {
            let free = world.store.counter == [0, 0];
            world.clients.iter().any(|client| free && client.told.short && client.answers.short)
        }),
        Property::sometimes("the units of a hold that ran out are somebody else's", |_, world: &World| {
            (0..2).any(|sku| {
                let over = claimed(world, sku, |row| row.ran_out(world.now));
                over > 0 && claimed(world, sku, |row| row.is_active(world.now)) + over > u32::from(ON_HAND[sku])
            })
        }),
        Property::sometimes("a crash between commit and answer is survived", |_, world: &World| {
            world.clients.iter().any(|client| client.unheard && client.told.held)
        }),
        Property::sometimes("a cancellation comes too late", |_, world: &World| {
            world.clients.iter().any(|client| client.told.late)
        }),
        Property::sometimes("a cancellation is said again", |_, world: &World| {
            world.clients.iter().any(|client| client.told.cancelled && client.answers.cancelled)
        }),
    ]
}

fn rows(world: &World, client: usize) -> impl Iterator<Item = &Row> {
    world.store.rows.iter().filter(move |row| row.client == client)
}

fn claimed(world: &World, sku: usize, counts: impl Fn(&Row) -> bool) -> u32 {
    let rows = world.store.rows.iter().filter(|row| counts(row));
    rows.map(|row| u32::from(world.clients[row.client].basket[sku])).sum()
}

/// Whether `then` holds for every client for which `when` does.
fn told(world: &World, when: impl Fn(&Client) -> bool, then: impl Fn(&World, usize) -> bool) -> bool {
    world.clients.iter().enumerate().all(|(c, client)| !when(client) || then(world, c))
}
