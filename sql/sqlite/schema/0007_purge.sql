-- TxMsg schema 7 on SQLite: a purge that holds up nobody. A node of the version before works on beside it.

-- Dead letters by their age: those that are still to be kept are not looked at.
CREATE INDEX ix_deliveries_dead_finished ON deliveries (finished_at) WHERE state = 3;
