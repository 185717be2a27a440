-- TxMsg schema 1 on SQLite. Times are Unix milliseconds UTC; ids are 16 bytes, big-endian (version 7 inserts in order).
-- Never changed once shipped: a later change is a later script.

-- Producers, subscriptions and API keys are cached by every node; each change raises the version in its own transaction.
CREATE TABLE registry (
    version INTEGER NOT NULL
);
INSERT INTO registry (version) VALUES (1);

CREATE TABLE producers (
    id                          INTEGER PRIMARY KEY,
    name                        TEXT    NOT NULL UNIQUE,
    check_back_url              TEXT    NOT NULL,
    check_back_after_ms         INTEGER NULL,
    max_unknown_answers         INTEGER NULL,
    give_up_after_ms            INTEGER NULL,
    secret                      TEXT    NOT NULL, -- encrypted
    previous_secret             TEXT    NULL,     -- encrypted; signs beside the new one until it expires
    previous_secret_expires_at  INTEGER NULL,
    check_back_job_token        INTEGER NULL,     -- lease of the one job that works off this producer's overdue half messages
    check_back_job_until        INTEGER NOT NULL DEFAULT 0,
    created_at                  INTEGER NOT NULL,
    updated_at                  INTEGER NOT NULL
);

CREATE TABLE subscriptions (
    id                          INTEGER PRIMARY KEY,
    name                        TEXT    NOT NULL UNIQUE,
    topic                       TEXT    NOT NULL,
    endpoint                    TEXT    NOT NULL,
    tags                        TEXT    NULL,     -- JSON array; NULL: every tag
    ordered                     INTEGER NOT NULL,
    max_concurrency             INTEGER NULL,
    timeout_ms                  INTEGER NULL,
    retry_schedule              TEXT    NULL,     -- JSON array of seconds
    secret                      TEXT    NOT NULL, -- encrypted
    previous_secret             TEXT    NULL,     -- encrypted
    previous_secret_expires_at  INTEGER NULL,
    state                       INTEGER NOT NULL, -- 0 active, 1 paused, 2 deleted: rows wait for the purge
    paused_reason               TEXT    NULL,
    created_at                  INTEGER NOT NULL,
    updated_at                  INTEGER NOT NULL
);

CREATE TABLE api_keys (
    id           TEXT    NOT NULL PRIMARY KEY,
    producer_id  INTEGER NULL,     -- NULL: administration
    key_hash     BLOB    NOT NULL, -- SHA-256 of the 256-bit random key
    created_at   INTEGER NOT NULL
);

-- Small rows that change with the state; what never changes and may be large stands in message_contents.
CREATE TABLE messages (
    seq              INTEGER PRIMARY KEY,
    id               BLOB    NOT NULL,
    producer_id      INTEGER NOT NULL,
    topic            TEXT    NOT NULL,
    key              TEXT    NULL,
    tag              TEXT    NULL,
    ordering_key     TEXT    NULL,
    delay_ms         INTEGER NOT NULL,
    trace_parent     TEXT    NULL,
    state            INTEGER NOT NULL, -- 0 prepared, 1 parked, 2 committed, 3 rolledBack
    prepared_at      INTEGER NOT NULL,
    check_back_at    INTEGER NULL,     -- when to ask next, or until when the one who asks may take
    check_back_token INTEGER NULL,     -- fences a node that asked too slowly
    check_backs      INTEGER NOT NULL DEFAULT 0,
    unknown_answers  INTEGER NOT NULL DEFAULT 0,
    parked_at        INTEGER NULL,
    decided_at       INTEGER NULL,
    decided_by       INTEGER NULL,     -- 0 producer, 1 checkBack, 2 operator
    reason           TEXT    NULL
);
CREATE UNIQUE INDEX ux_messages_id ON messages (id);
CREATE INDEX ix_messages_prepared_at ON messages (prepared_at);
CREATE INDEX ix_messages_key ON messages (key, prepared_at) WHERE key IS NOT NULL;
CREATE INDEX ix_messages_undecided ON messages (producer_id, check_back_at, prepared_at) WHERE state = 0;
CREATE INDEX ix_messages_parked ON messages (producer_id, parked_at) WHERE state = 1;
CREATE INDEX ix_messages_rolled_back ON messages (decided_at) WHERE state = 3;

CREATE TABLE message_contents (
    message_seq   INTEGER PRIMARY KEY,
    content_type  TEXT NOT NULL,
    headers       TEXT NULL,    -- JSON object
    payload       BLOB NOT NULL
);

CREATE TABLE check_backs (
    message_seq  INTEGER NOT NULL,
    attempt      INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    url          TEXT    NOT NULL,
    status       INTEGER NULL,
    latency_ms   INTEGER NOT NULL,
    answer       TEXT    NOT NULL, -- commit, rollback, unknown, unreachable
    error        TEXT    NULL,
    PRIMARY KEY (message_seq, attempt)
) WITHOUT ROWID;

-- id is the commit order: an ordered subscription goes by it.
CREATE TABLE deliveries (
    id               INTEGER PRIMARY KEY,
    message_seq      INTEGER NOT NULL,
    subscription_id  INTEGER NOT NULL,
    ordering_key     TEXT    NULL,     -- only where the subscription is ordered
    state            INTEGER NOT NULL, -- 0 pending, 1 leased, 2 delivered, 3 deadLettered, 4 discarded
    due_at           INTEGER NOT NULL, -- pending: when to try next; leased: until when
    lease_token      INTEGER NULL,
    attempts         INTEGER NOT NULL DEFAULT 0,
    schedule_start   INTEGER NOT NULL DEFAULT 0, -- attempts made before the last redelivery began the schedule anew
    last_status      INTEGER NULL,
    last_error       TEXT    NULL,
    last_latency_ms  INTEGER NULL,
    last_attempt_at  INTEGER NULL,
    finished_at      INTEGER NULL
);
CREATE UNIQUE INDEX ux_deliveries_message ON deliveries (message_seq, subscription_id);
CREATE INDEX ix_deliveries_pending ON deliveries (subscription_id, due_at) WHERE state = 0;
CREATE INDEX ix_deliveries_leased ON deliveries (due_at, subscription_id) WHERE state = 1;
CREATE INDEX ix_deliveries_dead ON deliveries (subscription_id, id) WHERE state = 3;
CREATE INDEX ix_deliveries_ordered ON deliveries (subscription_id, ordering_key, id) WHERE ordering_key IS NOT NULL AND state IN (0, 1);

-- One row for each ordering key in play: whoever adds to a key or finishes its head updates the row first, so that the
-- two can never miss each other. Deliveries behind the head are pending with due_at at the end of time.
CREATE TABLE ordering_lanes (
    subscription_id   INTEGER NOT NULL,
    ordering_key      TEXT    NOT NULL,
    head_delivery_id  INTEGER NULL,
    touched           INTEGER NOT NULL,
    PRIMARY KEY (subscription_id, ordering_key)
) WITHOUT ROWID;

-- Failed attempts only: a success stands in its delivery.
CREATE TABLE delivery_attempts (
    delivery_id  INTEGER NOT NULL,
    attempt      INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    endpoint     TEXT    NOT NULL,
    outcome      TEXT    NOT NULL,
    status       INTEGER NULL,
    latency_ms   INTEGER NOT NULL,
    error        TEXT    NULL,
    PRIMARY KEY (delivery_id, attempt)
) WITHOUT ROWID;

-- What people did: kept as long as the message it speaks of.
CREATE TABLE operator_actions (
    id               INTEGER PRIMARY KEY,
    at               INTEGER NOT NULL,
    actor            TEXT    NOT NULL,
    action           TEXT    NOT NULL,
    message_seq      INTEGER NULL,
    subscription_id  INTEGER NULL,
    producer_id      INTEGER NULL,
    reason           TEXT    NULL
);
CREATE INDEX ix_operator_actions_message ON operator_actions (message_seq) WHERE message_seq IS NOT NULL;

-- Finished rows are counted as they finish, so that the stats never scan history. One set of rows for each shard,
-- so that nodes don't wait for each other.
CREATE TABLE counters (
    shard  INTEGER NOT NULL,
    name   TEXT    NOT NULL,
    value  INTEGER NOT NULL,
    PRIMARY KEY (shard, name)
) WITHOUT ROWID;

CREATE TABLE alerts (
    condition      TEXT    NOT NULL PRIMARY KEY,
    kind           TEXT    NOT NULL,
    subject        TEXT    NULL,
    detail         TEXT    NOT NULL,
    raised_at      INTEGER NOT NULL,
    notified_at    INTEGER NULL,     -- when the receiver acknowledged that it was raised
    cleared_at     INTEGER NULL,     -- set until the receiver acknowledged that it was cleared; then the row goes
    claimed_until  INTEGER NOT NULL DEFAULT 0 -- until when one node alone tells the receiver
) WITHOUT ROWID;

CREATE TABLE data_protection_keys (
    name  TEXT NOT NULL PRIMARY KEY,
    xml   TEXT NOT NULL
) WITHOUT ROWID;
