//! The database of the model: what is durable, and the rules by which a group of commands changes it.

use domain::reservation::{Action, Status};

use super::{ON_HAND, Units};

/// How long a hold lasts, in ticks.
const HOLD: u8 = 1;

/// A command; the number is the client, which is its key too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cmd {
    /// Hold the client's basket.
    Reserve(usize),
    /// Give it back.
    Cancel(usize),
}

/// What the server says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reply {
    /// 201.
    Held,
    /// 409: not enough is free.
    Short,
    /// It is given back, now or before.
    Cancelled,
    /// It cannot be given back any more.
    Late,
}

/// A mistake that a server could make. Each is there to show that the properties notice it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The answer leaves before the commit.
    AnswerBeforeCommit,
    /// Nothing is remembered under the key.
    NoKeyRecord,
    /// The commands of a group decide on what was true before the group.
    ReadThenWrite,
    /// Only the sweeper ends a hold, and it credits what a cancellation has credited already.
    SweeperOnly,
}

/// A reservation with its claim.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Row {
    /// Whose it is.
    pub client: usize,
    /// As stored.
    pub status: Status,
    /// The first instant at which it does not count any more.
    pub expires: u8,
    /// Whether the claim is over in the books.
    pub released: bool,
    /// How often its units went back.
    pub credits: u8,
}

impl Row {
    /// Whether it claims units at that instant, by the predicate and not by what somebody tidied up.
    #[must_use]
    pub fn is_active(&self, now: u8) -> bool {
        !self.released && now < self.expires
    }

    /// Whether it ended by time and not by its owner.
    #[must_use]
    pub fn ran_out(&self, now: u8) -> bool {
        self.released && now >= self.expires && self.status == Status::Expired
    }

    fn is_due(&self, now: u8) -> bool {
        !self.released && now >= self.expires && self.status.after(Action::Expire).is_ok()
    }
}

/// Everything durable.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Store {
    /// In the order of the clients.
    pub rows: Vec<Row>,
    /// Units that unreleased claims have, kept as a number beside the rows. Wider than needed, to see it go wrong.
    pub counter: [i8; 2],
    /// The answer under each key.
    pub keys: Vec<Option<Reply>>,
}

impl Store {
    pub(super) fn new(clients: usize) -> Self {
        Self { rows: Vec::new(), counter: [0; 2], keys: vec![None; clients] }
    }

    /// Decides a group and writes it.
    pub(super) fn run(&mut self, group: &[Cmd], baskets: &[Units], now: u8, fault: Option<Fault>) -> Vec<(Cmd, Reply)> {
        let before = self.clone();
        let mut replies = Vec::new();
        for cmd in group {
            let reply = match *cmd {
                Cmd::Reserve(client) => {
                    let seen = (fault == Some(Fault::ReadThenWrite)).then_some(&before);
                    Some(self.reserve(client, baskets, now, fault, seen))
                }
                Cmd::Cancel(client) => self.cancel(client, baskets, now, fault),
            };
            replies.extend(reply.map(|reply| (*cmd, reply)));
        }
        replies
    }

    fn reserve(
        &mut self,
        client: usize,
        baskets: &[Units],
        now: u8,
        fault: Option<Fault>,
        seen: Option<&Store>,
    ) -> Reply {
        if let Some(reply) = self.keys[client] {
            return reply;
        }
        // All lines or none: where one is short, nothing of the attempt stays.
        let mut attempt = self.clone();
        if fault != Some(Fault::SweeperOnly) {
            attempt.release_due(baskets, now);
        }
        let basis = seen.map_or(attempt.counter, |seen| seen.counter);
        let enough = (0..2).all(|sku| basis[sku] + signed(baskets[client][sku]) <= signed(ON_HAND[sku]));
        let reply = if enough { Reply::Held } else { Reply::Short };
        if enough {
            attempt.book(&baskets[client], 1);
            let row = Row { client, status: Status::Held, expires: now + HOLD, released: false, credits: 0 };
            let place = attempt.rows.partition_point(|other| other.client <= client);
            attempt.rows.insert(place, row);
            *self = attempt;
        }
        if fault != Some(Fault::NoKeyRecord) {
            self.keys[client] = Some(reply);
        }
        reply
    }

    fn cancel(&mut self, client: usize, baskets: &[Units], now: u8, fault: Option<Fault>) -> Option<Reply> {
        let place = self.rows.iter().position(|row| row.client == client)?;
        let row = &mut self.rows[place];
        let by_sweeper_only = fault == Some(Fault::SweeperOnly);
        let over = now >= row.expires && !by_sweeper_only;
        let status = if over { row.status.after(Action::Expire).unwrap_or(row.status) } else { row.status };
        match status.after(Action::Cancel) {
            Err(_) => return Some(Reply::Late),
            Ok(_) if row.status == Status::Cancelled => return Some(Reply::Cancelled),
            Ok(status) => row.status = status,
        }
        if !row.released {
            row.released = true;
            row.credits += 1;
            self.book(&baskets[client], -1);
        }
        Some(Reply::Cancelled)
    }

    /// Releases every claim whose time is over and that nobody released yet.
    pub(super) fn sweep(&mut self, baskets: &[Units], now: u8, fault: Option<Fault>) {
        if fault == Some(Fault::SweeperOnly) {
            self.credit_again(baskets, now);
        }
        self.release_due(baskets, now);
    }

    fn release_due(&mut self, baskets: &[Units], now: u8) {
        for place in 0..self.rows.len() {
            let row = &mut self.rows[place];
            if row.is_due(now) {
                row.status = row.status.after(Action::Expire).unwrap_or(row.status);
                row.released = true;
                row.credits += 1;
                let client = row.client;
                self.book(&baskets[client], -1);
            }
        }
    }

    /// The fault: looks at the time alone, not at whether the claim was released.
    fn credit_again(&mut self, baskets: &[Units], now: u8) {
        for place in 0..self.rows.len() {
            let row = &mut self.rows[place];
            if row.status == Status::Cancelled && now >= row.expires && row.credits == 1 {
                row.credits += 1;
                let client = row.client;
                self.book(&baskets[client], -1);
            }
        }
    }

    fn book(&mut self, basket: &Units, sign: i8) {
        for (count, units) in self.counter.iter_mut().zip(basket) {
            *count += sign * signed(*units);
        }
    }
}

/// Units are few; a number that does not fit would be a mistake of the model and shows as one.
fn signed(units: u8) -> i8 {
    i8::try_from(units).unwrap_or(i8::MAX)
}
