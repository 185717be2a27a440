-- TxMsg schema 4 on SQLite: what an operator does to many messages at once. Only a new table: a node of the version before works on
-- beside it, and leaves its rows to others.

-- Rows are the truth: a job works them off, and another one goes on at the position where a job was lost.
CREATE TABLE bulk_actions (
    seq              INTEGER PRIMARY KEY,
    id               BLOB    NOT NULL,
    kind             INTEGER NOT NULL, -- 0 redeliver, 1 discard, 2 checkBack, 3 commit, 4 rollback
    state            INTEGER NOT NULL, -- 0 waiting, 1 running, 2 finished, 3 cancelled, 4 failed
    actor            TEXT    NOT NULL,
    reason           TEXT    NOT NULL,
    filter           TEXT    NOT NULL, -- JSON, as it was asked for
    subscription_id  INTEGER NULL,     -- the filter's, by id: names come and go
    producer_id      INTEGER NULL,
    per_second       INTEGER NOT NULL,
    up_to            INTEGER NOT NULL, -- what was there when it was asked for: deliveries by id, messages by seq
    total            INTEGER NOT NULL,
    total_is_exact   INTEGER NOT NULL,
    position         INTEGER NOT NULL DEFAULT 0, -- the last that was taken on: delivery, message, or place in the list of ids
    examined         INTEGER NOT NULL DEFAULT 0, -- taken on, up to the position
    done             INTEGER NOT NULL DEFAULT 0, -- raised in the transactions that do it, so it is right whenever a job is lost
    failed           INTEGER NOT NULL DEFAULT 0,
    lease_token      INTEGER NULL,     -- of the one job that works on it
    lease_until      INTEGER NOT NULL DEFAULT 0,
    created_at       INTEGER NOT NULL,
    started_at       INTEGER NULL,
    finished_at      INTEGER NULL,
    error            TEXT    NULL
);
CREATE UNIQUE INDEX ux_bulk_actions_id ON bulk_actions (id);
CREATE INDEX ix_bulk_actions_open ON bulk_actions (lease_until) WHERE state IN (0, 1);
CREATE INDEX ix_bulk_actions_finished ON bulk_actions (finished_at) WHERE finished_at IS NOT NULL;
