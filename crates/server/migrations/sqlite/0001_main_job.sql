-- The main job: shops, products, stock, holds, reservations.
-- Codes are the retailer's own, as text: "0012" and "12" are two shops.
-- Instants are milliseconds since 1970 UTC; money is in minor units.

CREATE TABLE location (
    id              TEXT PRIMARY KEY,
    name            TEXT NOT NULL,
    street_address  TEXT NOT NULL DEFAULT '',
    locality        TEXT NOT NULL DEFAULT '',
    region          TEXT NOT NULL DEFAULT '',
    postal_code     TEXT NOT NULL DEFAULT '',
    country         TEXT NOT NULL DEFAULT '',
    latitude        REAL NOT NULL CHECK (latitude BETWEEN -90 AND 90),
    longitude       REAL NOT NULL CHECK (longitude BETWEEN -180 AND 180),
    timezone        TEXT NOT NULL,
    -- domain::hours::Schedule as JSON: it is read and replaced as a whole, never queried.
    schedule        TEXT NOT NULL,
    -- JSON array of the amenities' names.
    amenities       TEXT NOT NULL DEFAULT '[]',
    phone           TEXT,
    pickup_in_store INTEGER NOT NULL DEFAULT 1 CHECK (pickup_in_store IN (0, 1)),
    pickup_curbside INTEGER NOT NULL DEFAULT 0 CHECK (pickup_curbside IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE product (
    sku             TEXT PRIMARY KEY,
    title           TEXT NOT NULL,
    description     TEXT,
    brand           TEXT,
    gtin            TEXT,
    mpn             TEXT,
    -- "Camp > Tents", widest category first.
    category        TEXT NOT NULL DEFAULT '',
    image           TEXT,
    price_amount    INTEGER CHECK (price_amount >= 0),
    price_currency  TEXT,
    -- Variants of one product share it.
    group_id        TEXT,
    color           TEXT,
    size            TEXT
) STRICT, WITHOUT ROWID;

-- One row for each product that a shop carries. A missing row means "not carried", which is not zero.
CREATE TABLE stock (
    location_id     TEXT NOT NULL REFERENCES location (id),
    sku             TEXT NOT NULL REFERENCES product (sku),
    -- NULL: carried, never counted. Below zero where the books lag behind the shop: physical truth is never clamped.
    on_hand         INTEGER,
    safety_stock    INTEGER NOT NULL DEFAULT 0 CHECK (safety_stock >= 0),
    -- Grows with each change of on_hand, for compare-and-swap.
    version         INTEGER NOT NULL DEFAULT 1,
    price_amount    INTEGER CHECK (price_amount >= 0),
    price_currency  TEXT,
    sale_amount     INTEGER CHECK (sale_amount >= 0),
    -- Whether the shop hands this product over to people who reserved it.
    pickup          INTEGER NOT NULL DEFAULT 1 CHECK (pickup IN (0, 1)),
    -- Open minutes that the shop needs to have it ready.
    lead_minutes    INTEGER NOT NULL DEFAULT 60 CHECK (lead_minutes >= 0),
    aisle           TEXT,
    -- When the shop's system last spoke of this shelf.
    counted_at      INTEGER NOT NULL,
    PRIMARY KEY (location_id, sku)
) STRICT, WITHOUT ROWID;

CREATE TABLE reservation (
    id              TEXT PRIMARY KEY,
    code            TEXT NOT NULL,
    -- The state that somebody caused; that a hold is past its time is decided by hold_expires_at at each reading.
    status          TEXT NOT NULL,
    location_id     TEXT NOT NULL REFERENCES location (id),
    method          TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    hold_expires_at INTEGER NOT NULL,
    ready_by        INTEGER,
    -- SHA-256 of the owner's secret; the secret itself is never stored.
    token_hash      BLOB NOT NULL,
    -- JSON as it came in, for the till and for the report of a campaign.
    promo_codes     TEXT,
    attribution     TEXT
) STRICT, WITHOUT ROWID;
-- A desk reads a code aloud: it is unique among what its shop may still hand over.
CREATE UNIQUE INDEX reservation_code ON reservation (location_id, code)
    WHERE status IN ('held', 'accepted', 'picking', 'ready');

-- People, apart from goods: this table can be emptied without touching what happened to the stock.
CREATE TABLE reservation_contact (
    reservation_id  TEXT PRIMARY KEY REFERENCES reservation (id),
    name            TEXT NOT NULL,
    email           TEXT,
    phone           TEXT,
    collector       TEXT,
    consents        TEXT
) STRICT, WITHOUT ROWID;

-- One line of a reservation, and the claim on stock that stands behind it.
CREATE TABLE hold (
    reservation_id  TEXT NOT NULL REFERENCES reservation (id),
    sku             TEXT NOT NULL REFERENCES product (sku),
    location_id     TEXT NOT NULL REFERENCES location (id),
    quantity        INTEGER NOT NULL CHECK (quantity > 0),
    expires_at      INTEGER NOT NULL,
    -- NULL while the claim stands. A claim counts while released_at IS NULL and expires_at > now.
    released_at     INTEGER,
    -- What a pass shows of it, as it was when it was reserved.
    title           TEXT NOT NULL,
    variant         TEXT,
    price_amount    INTEGER,
    price_currency  TEXT,
    image           TEXT,
    PRIMARY KEY (reservation_id, sku)
) STRICT, WITHOUT ROWID;
-- released_at is in it, though always NULL there, so that adding up claims never has to look at the table.
CREATE INDEX hold_active ON hold (location_id, sku, expires_at, quantity, released_at) WHERE released_at IS NULL;
CREATE INDEX hold_due ON hold (expires_at) WHERE released_at IS NULL;

-- What was answered to a write, in the same transaction as the write.
CREATE TABLE idempotency (
    principal       TEXT NOT NULL,
    key             TEXT NOT NULL,
    -- SHA-256 of route and canonical body.
    fingerprint     BLOB NOT NULL,
    status          INTEGER NOT NULL,
    -- The Location header, where there was one.
    location        TEXT,
    -- As it was sent, the owner's secret included: a retry whose first answer was lost must get the same secret. It is
    -- the one place where the secret stands in the open, so rows are deleted after a day.
    body            TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (principal, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_age ON idempotency (created_at);

-- The last change that each source made to each shelf.
CREATE TABLE source_sequence (
    source          TEXT NOT NULL,
    location_id     TEXT NOT NULL,
    sku             TEXT NOT NULL,
    sequence        INTEGER NOT NULL,
    PRIMARY KEY (source, location_id, sku)
) STRICT, WITHOUT ROWID;

-- Devices, people and feeds that may do more than a shopper.
CREATE TABLE token (
    id              TEXT PRIMARY KEY,
    name            TEXT NOT NULL,
    scope           TEXT NOT NULL,
    hash            BLOB NOT NULL UNIQUE,
    created_at      INTEGER NOT NULL,
    revoked_at      INTEGER
) STRICT, WITHOUT ROWID;
