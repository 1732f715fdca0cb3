-- Facts about the database itself.
CREATE TABLE IF NOT EXISTS meta (
    key             TEXT PRIMARY KEY,
    value           ANY NOT NULL
) STRICT, WITHOUT ROWID;
-- Grows with each import, so that a running server reads the catalogue again.
INSERT OR IGNORE INTO meta (key, value) VALUES ('catalog_generation', 0);
