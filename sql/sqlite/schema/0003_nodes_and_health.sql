-- TxMsg schema 3 on SQLite: nodes, what was counted in each minute, the health of endpoints. Only new tables: a node of the version
-- before works on beside them. Each row is one node's own; readers add them up.

CREATE TABLE nodes (
    id            BLOB    NOT NULL PRIMARY KEY, -- a process: a new one at each start
    name          TEXT    NOT NULL,
    version       TEXT    NOT NULL,
    addresses     TEXT    NULL,     -- JSON array
    beat_ms       INTEGER NOT NULL, -- how often it means to be heard of
    started_at    INTEGER NOT NULL,
    heartbeat_at  INTEGER NOT NULL,
    stopped_at    INTEGER NULL      -- it said so
) WITHOUT ROWID;

CREATE TABLE minute_stats (
    minute_at      INTEGER NOT NULL, -- when the minute began
    node_id        BLOB    NOT NULL,
    prepared       INTEGER NOT NULL,
    committed      INTEGER NOT NULL,
    rolled_back    INTEGER NOT NULL,
    delivered      INTEGER NOT NULL,
    failed         INTEGER NOT NULL,
    dead_lettered  INTEGER NOT NULL,
    latencies      TEXT    NULL,     -- from commit to delivered: bucket:count,... (LatencyBuckets has the bounds)
    PRIMARY KEY (minute_at, node_id)
) WITHOUT ROWID;

CREATE TABLE endpoint_health (
    kind             INTEGER NOT NULL, -- 0 subscription, 1 producer
    subject_id       INTEGER NOT NULL,
    node_id          BLOB    NOT NULL,
    last_success_at  INTEGER NULL,
    last_failure_at  INTEGER NULL,
    last_status      INTEGER NULL,     -- of the last failure
    last_error       TEXT    NULL,
    recent           TEXT    NULL,     -- slot:attempts:failures,... of five minutes each
    circuit_until    INTEGER NULL,     -- NULL: closed; in the past: one may try
    PRIMARY KEY (kind, subject_id, node_id)
) WITHOUT ROWID;
