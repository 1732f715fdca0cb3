//! The reservation protocol in every order of events.
//!
//! Clients (one intent each, under one key that is stored before it is sent) talk to one server over a network that
//! delays, reorders, duplicates and loses. The server collects commands in a group, which is volatile, decides and
//! commits the group in one durable step, and answers afterwards. It may crash at any moment, time may pass at any
//! moment, and the sweeper may come at any moment, twice, or never.
//!
//! Some events have no action of their own because leaving another one out is the same:
//! * A message or an answer that is lost is one that is never delivered; clients try again without waiting for anything.
//! * A server that is down is one that does nothing for a while, so a crash and the restart are one step.
//! * A sweeper that is dead is one that never comes.
//!
//! Bounds: see [`Bounds`]. Not covered: keys that are forgotten (the server keeps them for a day, and the model for
//! ever), two servers on one file, a disk that loses what it synced, changes of stock, and picking by the staff.

mod properties;
mod store;

use stateright::{Model, Property};

pub use store::{Cmd, Fault, Reply, Store};

/// Two products. A basket says how many units of each.
pub type Units = [u8; 2];

/// What lies on the shelf: one unit of A, two of B.
pub const ON_HAND: Units = [1, 2];

/// A, B, or one of each.
const BASKETS: [Units; 3] = [[1, 0], [0, 1], [1, 1]];

/// How much may happen in one run; every combination within it is visited.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Shoppers, each with one intent.
    pub clients: usize,
    /// Times that a client sends its reservation.
    pub tries: u8,
    /// Times that a client sends its cancellation.
    pub cancels: u8,
    /// Messages that the network delivers once more, in the whole run.
    pub copies: u8,
    /// Crashes in the whole run.
    pub crashes: u8,
    /// Steps of the clock in the whole run. A hold lasts one.
    pub ticks: u8,
    /// Commands that share one commit at most.
    pub group: usize,
}

/// The model.
#[derive(Debug, Clone, Copy)]
pub struct Protocol {
    /// How far to look.
    pub bounds: Bounds,
    /// What is wrong with the server; `None` for the server as it is meant.
    pub fault: Option<Fault>,
}

/// Answers of each kind, as a set: telling somebody the same twice is telling it once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // one for each reply
pub struct Told {
    pub held: bool,
    pub short: bool,
    pub cancelled: bool,
    pub late: bool,
}

impl Told {
    fn add(&mut self, reply: Reply) {
        *self.field(reply) = true;
    }

    fn take(&mut self, reply: Reply) -> bool {
        std::mem::take(self.field(reply))
    }

    fn field(&mut self, reply: Reply) -> &mut bool {
        match reply {
            Reply::Held => &mut self.held,
            Reply::Short => &mut self.short,
            Reply::Cancelled => &mut self.cancelled,
            Reply::Late => &mut self.late,
        }
    }
}

/// A shopper, and what is under way between it and the server.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Client {
    /// What it wants.
    pub basket: Units,
    /// Tries left.
    pub tries: u8,
    /// Cancellations left.
    pub cancels: u8,
    /// Reservations in the network.
    pub reserving: u8,
    /// Cancellations in the network.
    pub cancelling: u8,
    /// What it heard.
    pub told: Told,
    /// What the server is about to tell it; a crash forgets it.
    pub answers: Told,
    /// A crash forgot a 201 that it had not heard before.
    pub unheard: bool,
}

/// One state of the world.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct World {
    /// The server's clock.
    pub now: u8,
    /// Crashes left.
    pub crashes: u8,
    /// Copies left.
    pub copies: u8,
    /// The shoppers; the place is the name, and the key.
    pub clients: Vec<Client>,
    /// Commands that wait for the next commit; volatile.
    pub group: Vec<Cmd>,
    /// What survives a crash.
    pub store: Store,
}

/// Something that happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A client sends, for the first time or again.
    Send(Cmd),
    /// The network delivers.
    Deliver(Cmd),
    /// The network delivers and keeps a copy for later.
    DeliverAndKeep(Cmd),
    /// The server decides its group and commits it.
    Commit,
    /// An answer arrives.
    Answer(usize, Reply),
    /// What is volatile is lost; the server is there again.
    Crash,
    /// The clock moves.
    Tick,
    /// The sweeper comes by.
    Sweep,
}

impl World {
    fn in_network(&mut self, cmd: Cmd) -> Option<&mut u8> {
        match cmd {
            Cmd::Reserve(c) => self.clients.get_mut(c).map(|client| &mut client.reserving),
            Cmd::Cancel(c) => self.clients.get_mut(c).map(|client| &mut client.cancelling),
        }
    }

    fn answer(&mut self, cmd: Cmd, reply: Reply) {
        let (Cmd::Reserve(c) | Cmd::Cancel(c)) = cmd;
        if let Some(client) = self.clients.get_mut(c) {
            client.answers.add(reply);
        }
    }

    fn send(&mut self, cmd: Cmd) {
        match cmd {
            Cmd::Reserve(c) => self.clients[c].tries -= 1,
            Cmd::Cancel(c) => self.clients[c].cancels -= 1,
        }
        if let Some(waiting) = self.in_network(cmd) {
            *waiting += 1;
        }
    }

    fn deliver(&mut self, cmd: Cmd, fault: Option<Fault>) {
        if fault == Some(Fault::AnswerBeforeCommit) {
            let mut scratch = self.store.clone();
            let mut group = self.group.clone();
            group.push(cmd);
            let replies = scratch.run(&group, &self.baskets(), self.now, fault);
            if let Some((_, reply)) = replies.last() {
                self.answer(cmd, *reply);
            }
        }
        self.group.push(cmd);
    }

    fn commit(&mut self, fault: Option<Fault>) {
        let group = std::mem::take(&mut self.group);
        let replies = self.store.run(&group, &self.baskets(), self.now, fault);
        if fault != Some(Fault::AnswerBeforeCommit) {
            for (cmd, reply) in replies {
                self.answer(cmd, reply);
            }
        }
    }

    fn crash(&mut self) {
        self.crashes -= 1;
        self.group.clear();
        for client in &mut self.clients {
            client.unheard |= client.answers.held && !client.told.held;
            client.answers = Told::default();
        }
    }

    fn baskets(&self) -> Vec<Units> {
        self.clients.iter().map(|client| client.basket).collect()
    }
}

/// All ways of giving each client a basket, but for the order: clients differ in nothing else.
fn wishes(clients: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for _ in 0..clients {
        all = all
            .into_iter()
            .flat_map(|wish: Vec<usize>| {
                let least = wish.last().copied().unwrap_or(0);
                (least..BASKETS.len()).map(move |basket| [wish.clone(), vec![basket]].concat())
            })
            .collect();
    }
    all
}

impl Model for Protocol {
    type State = World;
    type Action = Event;

    fn init_states(&self) -> Vec<World> {
        let bounds = self.bounds;
        let client = |basket: usize| Client {
            basket: BASKETS[basket],
            tries: bounds.tries,
            cancels: bounds.cancels,
            ..Client::default()
        };
        let world = |wish: Vec<usize>| World {
            now: 0,
            crashes: bounds.crashes,
            copies: bounds.copies,
            clients: wish.into_iter().map(client).collect(),
            group: Vec::new(),
            store: Store::new(bounds.clients),
        };
        wishes(bounds.clients).into_iter().map(world).collect()
    }

    fn actions(&self, world: &World, events: &mut Vec<Event>) {
        for (c, client) in world.clients.iter().enumerate() {
            if client.tries > 0 {
                events.push(Event::Send(Cmd::Reserve(c)));
            }
            // Only whoever heard the name of its reservation can give it back.
            if client.told.held && client.cancels > 0 {
                events.push(Event::Send(Cmd::Cancel(c)));
            }
            if world.group.len() < self.bounds.group {
                for (waiting, cmd) in [(client.reserving, Cmd::Reserve(c)), (client.cancelling, Cmd::Cancel(c))] {
                    if waiting > 0 {
                        events.push(Event::Deliver(cmd));
                        if world.copies > 0 {
                            events.push(Event::DeliverAndKeep(cmd));
                        }
                    }
                }
            }
            let mut answers = client.answers;
            for reply in [Reply::Held, Reply::Short, Reply::Cancelled, Reply::Late] {
                if answers.take(reply) {
                    events.push(Event::Answer(c, reply));
                }
            }
        }
        if !world.group.is_empty() {
            events.push(Event::Commit);
        }
        if world.crashes > 0 {
            events.push(Event::Crash);
        }
        if world.now < self.bounds.ticks {
            events.push(Event::Tick);
        }
        events.push(Event::Sweep);
    }

    fn next_state(&self, world: &World, event: Event) -> Option<World> {
        let mut next = world.clone();
        match event {
            Event::Send(cmd) => next.send(cmd),
            Event::Deliver(cmd) => {
                *next.in_network(cmd)? -= 1;
                next.deliver(cmd, self.fault);
            }
            Event::DeliverAndKeep(cmd) => {
                next.copies -= 1;
                next.deliver(cmd, self.fault);
            }
            Event::Commit => next.commit(self.fault),
            Event::Answer(c, reply) => {
                let client = next.clients.get_mut(c)?;
                client.answers.take(reply);
                client.told.add(reply);
            }
            Event::Crash => next.crash(),
            Event::Tick => next.now += 1,
            Event::Sweep => next.store.sweep(&world.baskets(), world.now, self.fault),
        }
        (next != *world).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        properties::all()
    }
}
