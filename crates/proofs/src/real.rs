//! The real store behind the face that the check wants; the one place that knows its methods.

use std::path::Path;
use std::sync::Arc;

use domain::basket::Basket;
use domain::hours::PickupRules;
use domain::id::{LocationId, ReservationId, Sku};
use domain::reservation::{ContactDraft, Handover, HoldRules};
use domain::time::Timestamp;
use nearshelf_server::chaos::Chaos;
use nearshelf_server::clock::Clock;
use nearshelf_server::db::{
    Amount, Db, Deed, DeedVerdict, Doer, HoldingLimits, IdempotencyKey, Once, Options, Others, Place, Refusal, Reserve,
    ReserveVerdict, ShelfRow, StockChange, StockVerdict, StoredAnswer,
};

use crate::history::{Op, Ret, START, Subject};

const SHOP: &str = "shop";

/// A database with one shop, and two products for each history.
pub struct Real {
    db: Db,
    clock: Clock,
}

impl Real {
    /// Opens a new file with the products of so many histories, perhaps with faults. The clock stands still: nothing
    /// expires.
    ///
    /// # Errors
    /// The cause where the file cannot be made or filled.
    pub fn open(path: &Path, histories: u64, chaos: Chaos) -> Result<Self, String> {
        let clock = Clock::fixed(Timestamp::from_millis(1_800_000_000_000));
        let options = Options { chaos, ..Options::new(clock.clone(), Box::new(|_| {})) };
        let db = Db::open(path, options).map_err(text)?;
        fill(path, histories).map_err(text)?;
        Ok(Self { db, clock })
    }

    async fn reserve(&self, history: u64, name: u8, units: [u32; 2]) -> Result<Ret, String> {
        let lines: Vec<_> = [0, 1].into_iter().filter(|shelf| units[*shelf] > 0).collect();
        let lines = lines.into_iter().map(|shelf| Ok((sku(history, shelf)?, units[shelf])));
        let draft = ContactDraft { name: "Ada".into(), email: "ada@example.org".into(), phone: String::new() };
        let wish = Reserve {
            id: reservation(history, name)?,
            token_hash: [name; 32],
            place: Place {
                location: shop()?,
                open: None,
                timezone: String::new(),
                pickup: PickupRules::default(),
                window: None,
                others: Others::new(Vec::new),
                holds: Arc::new(HoldRules::everywhere(48)),
            },
            method: Handover::InStore,
            basket: Basket::new(lines.collect::<Result<Vec<_>, String>>()?).map_err(text)?,
            contact: draft.check().map_err(|problems| format!("{problems:?}"))?,
            collector: None,
            consents: None,
            promo_codes: None,
            attribution: None,
            limits: HoldingLimits::default(),
            idempotency: IdempotencyKey {
                principal: "shopper".to_owned(),
                key: format!("{history}-{name}"),
                fingerprint: [name; 32],
            },
        };
        match self.db.reserve(wish, answer).await.map_err(text)? {
            Once::Answer { answer, .. } if answer.status == 201 => Ok(Ret::Held),
            Once::Answer { answer, .. } if answer.status == 409 => Ok(Ret::Short),
            other => Err(format!("{other:?}")),
        }
    }

    async fn cancel(&self, history: u64, name: u8) -> Result<Ret, String> {
        let verdict = self.db.act(reservation(history, name)?, Doer::Owner([name; 32]), Deed::Cancel).await;
        match verdict.map_err(text)? {
            DeedVerdict::Done(_) => Ok(Ret::Cancelled),
            DeedVerdict::NotFound => Ok(Ret::NotFound),
            other => Err(format!("{other:?}")),
        }
    }

    async fn change(&self, history: u64, shelf: usize, amount: Amount, source: String) -> Result<Ret, String> {
        let (location, sku) = (shop()?, sku(history, shelf)?);
        let change = StockChange { location, sku, amount, if_version: None, source, sequence: 1 };
        match self.db.change_stock(vec![change]).await.map_err(text)?.as_slice() {
            [StockVerdict::Applied { on_hand, .. }] => Ok(Ret::OnHand(*on_hand)),
            other => Err(format!("{other:?}")),
        }
    }

    async fn read(&self, history: u64) -> Result<Ret, String> {
        let skus = [sku(history, 0)?, sku(history, 1)?];
        let rows = self.db.shelves(vec![shop()?], skus.to_vec(), self.clock.now()).await.map_err(text)?;
        let units = |sku: &Sku| rows.iter().find(|row| row.sku == *sku).map(ShelfRow::units);
        let free = skus.each_ref().map(units);
        match free {
            [Some(first), Some(second)] => Ok(Ret::Free([first, second])),
            _ => Err(format!("a shelf is missing: {rows:?}")),
        }
    }
}

impl Subject for Real {
    async fn begin(&self, history: u64) -> Result<(), String> {
        for (shelf, units) in START.into_iter().enumerate() {
            self.change(history, shelf, Amount::Set(units), "count".to_owned()).await?;
        }
        Ok(())
    }

    async fn call(&self, history: u64, op: &Op) -> Result<Ret, String> {
        match *op {
            Op::Reserve { name, units } => self.reserve(history, name, units).await,
            Op::Cancel { name } => self.cancel(history, name).await,
            Op::Move { name, shelf, units } => {
                self.change(history, shelf, Amount::Delta(units), format!("till-{name}")).await
            }
            Op::Read => self.read(history).await,
        }
    }
}

fn answer(verdict: &ReserveVerdict) -> Option<StoredAnswer> {
    let status = match verdict {
        ReserveVerdict::Held(_) => 201,
        ReserveVerdict::No(Refusal::Short { .. }) => 409,
        _ => return None,
    };
    Some(StoredAnswer { status, location: None, body: String::new() })
}

/// The catalogue has no way in but imports, so its rows are written past the store, before anything else happens.
fn fill(path: &Path, histories: u64) -> Result<(), rusqlite::Error> {
    let mut connection = rusqlite::Connection::open(path)?;
    let tx = connection.transaction()?;
    tx.execute(
        "INSERT INTO location (id, name, latitude, longitude, timezone, schedule, pickup_in_store)
         VALUES (?1, 'Shop', 45, 4, 'Europe/Paris', '{}', 1)",
        [SHOP],
    )?;
    {
        let mut insert = tx.prepare("INSERT INTO product (sku, title) VALUES (?1, 'Thing')")?;
        for history in 0..histories {
            insert.execute([format!("h{history}-0")])?;
            insert.execute([format!("h{history}-1")])?;
        }
    }
    tx.commit()
}

fn shop() -> Result<LocationId, String> {
    LocationId::new(SHOP).map_err(text)
}

fn sku(history: u64, shelf: usize) -> Result<Sku, String> {
    Sku::new(format!("h{history}-{shelf}")).map_err(text)
}

fn reservation(history: u64, name: u8) -> Result<ReservationId, String> {
    ReservationId::new(format!("r_{history}-{name}")).map_err(text)
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
