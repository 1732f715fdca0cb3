-- The ledger, counters, the whole life of a reservation, and who may do what.

-- Units that claims promise, kept in step with hold.claimed by whoever writes either. A second wall behind the conditional
-- update: it can never fall below zero.
ALTER TABLE stock ADD COLUMN reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0);
-- on_hand when the ledger of this shelf began, so that a feed of a million new shelves writes no million rows of history.
ALTER TABLE stock ADD COLUMN opening INTEGER;
UPDATE stock SET opening = on_hand;

-- Every change of on_hand and reserved, in the order of the commits. Rows are added and never changed.
CREATE TABLE ledger (
    no              INTEGER PRIMARY KEY,
    at              INTEGER NOT NULL,
    location_id     TEXT NOT NULL,
    sku             TEXT NOT NULL,
    -- reserve, release, expire, collect, put_back, return, reject, count, adjust, import, opening, repair.
    kind            TEXT NOT NULL,
    -- NULL where the shelf was not counted before or is not afterwards: there is no difference to something unknown.
    on_hand_change  INTEGER,
    -- Afterwards.
    on_hand         INTEGER,
    reserved_change INTEGER NOT NULL,
    reserved        INTEGER NOT NULL,
    -- reservation.no, where it was for one.
    reservation_no  INTEGER,
    -- The token or the source that did it; NULL for the shopper and for time.
    actor           TEXT
) STRICT;

-- Numbers of its own keep the rows of one commit together: a random name as key would touch a page for each.
CREATE TABLE reservation_2 (
    no              INTEGER PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
    code            TEXT NOT NULL,
    -- The state that somebody caused; that a hold is past its time is decided by hold_expires_at at each reading.
    status          TEXT NOT NULL,
    location_id     TEXT NOT NULL REFERENCES location (id),
    method          TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    changed_at      INTEGER NOT NULL,
    hold_expires_at INTEGER NOT NULL,
    -- Milliseconds for which it is kept, as decided when it was made; an extension adds it once more.
    hold_ms         INTEGER NOT NULL,
    extended        INTEGER NOT NULL DEFAULT 0 CHECK (extended IN (0, 1)),
    ready_by        INTEGER,
    -- SHA-256 of the owner's secret; the secret itself is never stored.
    token_hash      BLOB NOT NULL,
    -- JSON as it came in, for the till and for the report of a campaign.
    promo_codes     TEXT,
    attribution     TEXT,
    -- JSON of phase, bay, vehicle and instant, where the shopper said that they come.
    arrival         TEXT
) STRICT;
INSERT INTO reservation_2 (id, code, status, location_id, method, created_at, changed_at, hold_expires_at, hold_ms, ready_by,
                           token_hash, promo_codes, attribution)
    SELECT id, code, status, location_id, method, created_at, created_at, hold_expires_at,
           MAX(hold_expires_at - COALESCE(ready_by, created_at), 3600000), ready_by, token_hash, promo_codes, attribution
      FROM reservation ORDER BY created_at, id;

-- People, apart from goods: this table can be emptied without touching what happened to the stock.
CREATE TABLE reservation_contact_2 (
    reservation_no  INTEGER PRIMARY KEY REFERENCES reservation_2 (no),
    name            TEXT NOT NULL,
    email           TEXT,
    phone           TEXT,
    collector       TEXT,
    consents        TEXT
) STRICT;
INSERT INTO reservation_contact_2
    SELECT r.no, c.name, c.email, c.phone, c.collector, c.consents
      FROM reservation_contact c JOIN reservation_2 r ON r.id = c.reservation_id ORDER BY r.no;

-- One line of a reservation, and the claim on stock that stands behind it.
CREATE TABLE hold_2 (
    reservation_no  INTEGER NOT NULL REFERENCES reservation_2 (no),
    sku             TEXT NOT NULL,
    location_id     TEXT NOT NULL,
    -- Units that the shopper wants.
    quantity        INTEGER NOT NULL CHECK (quantity > 0),
    -- Units of it that count against the shelf now.
    claimed         INTEGER NOT NULL CHECK (claimed >= 0),
    -- Units that were handed over, that the shop could not give, and that came back.
    collected       INTEGER NOT NULL DEFAULT 0 CHECK (collected >= 0),
    rejected        INTEGER NOT NULL DEFAULT 0 CHECK (rejected >= 0),
    returned        INTEGER NOT NULL DEFAULT 0 CHECK (returned BETWEEN 0 AND collected),
    -- Why the shop could not.
    reason          TEXT,
    -- When the claim ends by itself; NULL once somebody has the goods in hand. It counts while claimed > 0 and
    -- (expires_at IS NULL OR expires_at > now).
    expires_at      INTEGER,
    -- What a pass shows of it, as it was when it was reserved.
    title           TEXT NOT NULL,
    variant         TEXT,
    price_amount    INTEGER,
    price_currency  TEXT,
    image           TEXT,
    PRIMARY KEY (reservation_no, sku),
    CHECK (claimed + collected + rejected <= quantity)
) STRICT, WITHOUT ROWID;
INSERT INTO hold_2 (reservation_no, sku, location_id, quantity, claimed, expires_at, title, variant, price_amount,
                    price_currency, image)
    SELECT r.no, h.sku, h.location_id, h.quantity, CASE WHEN h.released_at IS NULL THEN h.quantity ELSE 0 END,
           h.expires_at, h.title, h.variant, h.price_amount, h.price_currency, h.image
      FROM hold h JOIN reservation_2 r ON r.id = h.reservation_id ORDER BY r.no, h.sku;

DROP TABLE hold;
DROP TABLE reservation_contact;
DROP TABLE reservation;
ALTER TABLE reservation_2 RENAME TO reservation;
ALTER TABLE reservation_contact_2 RENAME TO reservation_contact;
ALTER TABLE hold_2 RENAME TO hold;

-- A desk reads a code aloud: it is unique among what its shop may still hand over.
CREATE UNIQUE INDEX reservation_code ON reservation (location_id, code)
    WHERE status IN ('held', 'accepted', 'picking', 'ready');
-- What the sweeper looks for.
CREATE INDEX reservation_due ON reservation (hold_expires_at) WHERE status IN ('held', 'accepted', 'ready');
-- Claims of one shelf that end by themselves, soonest first.
CREATE INDEX hold_due ON hold (location_id, sku, expires_at, claimed) WHERE claimed > 0 AND expires_at IS NOT NULL;

UPDATE stock SET reserved = (SELECT SUM(h.claimed) FROM hold h
                              WHERE h.location_id = stock.location_id AND h.sku = stock.sku)
    WHERE EXISTS (SELECT 1 FROM hold h
                   WHERE h.location_id = stock.location_id AND h.sku = stock.sku AND h.claimed > 0);
INSERT INTO ledger (at, location_id, sku, kind, on_hand_change, on_hand, reserved_change, reserved)
    SELECT counted_at, location_id, sku, 'opening', CASE WHEN on_hand IS NULL THEN NULL ELSE 0 END, on_hand, reserved, reserved
      FROM stock WHERE reserved > 0;

-- Who has something put aside, so that nobody empties the shelves. Names and addresses are hashed with a secret of this
-- database (meta.limit_secret); rows go when the reservation is over.
CREATE TABLE claimant (
    -- person, device or address.
    kind            TEXT NOT NULL,
    hash            BLOB NOT NULL,
    reservation_no  INTEGER NOT NULL REFERENCES reservation (no),
    PRIMARY KEY (kind, hash, reservation_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX claimant_reservation ON claimant (reservation_no);

-- What was answered to a write, in the same transaction as the write. Numbered in the order of time, so that the old end is
-- found without an index.
CREATE TABLE idempotency_2 (
    no              INTEGER PRIMARY KEY,
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
    UNIQUE (principal, key)
) STRICT;
INSERT INTO idempotency_2 (principal, key, fingerprint, status, location, body, created_at)
    SELECT principal, key, fingerprint, status, location, body, created_at FROM idempotency ORDER BY created_at;
DROP TABLE idempotency;
ALTER TABLE idempotency_2 RENAME TO idempotency;

-- The shop of a token that is for one shop only.
ALTER TABLE token ADD COLUMN location_id TEXT REFERENCES location (id);

-- Repairs, and who made them.
CREATE TABLE audit (
    no              INTEGER PRIMARY KEY,
    at              INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    -- What was found and what was done, as JSON.
    what            TEXT NOT NULL
) STRICT;

CREATE TABLE meta (
    key             TEXT PRIMARY KEY,
    value           ANY
) STRICT, WITHOUT ROWID;
-- Grows with each import that changed shops, products or shelves.
INSERT INTO meta (key, value) VALUES ('catalog_generation', 0), ('limit_secret', randomblob(32));
