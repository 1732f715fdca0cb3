-- Postcodes and towns, as the one file that browsers fetch (crates/places). There is one or none.
CREATE TABLE gazetteer (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    file BLOB    NOT NULL
) STRICT;
