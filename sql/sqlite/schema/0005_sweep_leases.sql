-- TxMsg schema 5 on SQLite: what one node at a time does for all. Only a new table.

CREATE TABLE sweep_leases (
    name        TEXT    NOT NULL PRIMARY KEY,
    lease_token INTEGER NULL,               -- of the node that is at it
    lease_until INTEGER NOT NULL DEFAULT 0,
    begun_at    INTEGER NOT NULL DEFAULT 0  -- the last one
) WITHOUT ROWID;
INSERT INTO sweep_leases (name) VALUES ('purge');
