ALTER TABLE token ADD COLUMN location_id TEXT REFERENCES location (id);
