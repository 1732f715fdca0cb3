-- Agreed times of pickup: how a shop offers them, and which one a reservation has.

-- Length in minutes; NULL where the shop has no windows.
ALTER TABLE location ADD COLUMN pickup_window_minutes INTEGER CHECK (pickup_window_minutes BETWEEN 5 AND 480);
-- Reservations that share a window; NULL for any number.
ALTER TABLE location ADD COLUMN pickup_capacity INTEGER CHECK (pickup_capacity > 0);
-- HH:MM of the shop's clock from which on an order is worked on the next day.
ALTER TABLE location ADD COLUMN order_cut_off TEXT;

-- From and to, in milliseconds since 1970; both NULL where no time was agreed.
ALTER TABLE reservation ADD COLUMN pickup_from INTEGER;
ALTER TABLE reservation ADD COLUMN pickup_until INTEGER;
CREATE INDEX reservation_pickup ON reservation (location_id, pickup_until) WHERE pickup_until IS NOT NULL;
