-- TxMsg schema 3 on SQL Server: nodes, what was counted in each minute, the health of endpoints. Only new tables: a node of the version
-- before works on beside them. Each row is one node's own; readers add them up.

CREATE TABLE dbo.nodes (
    id            binary(16) NOT NULL CONSTRAINT pk_nodes PRIMARY KEY CLUSTERED, -- a process: a new one at each start
    name          nvarchar(128) NOT NULL,
    version       nvarchar(64) NOT NULL,
    addresses     nvarchar(2000) NULL, -- JSON array
    beat_ms       bigint NOT NULL,     -- how often it means to be heard of
    started_at    bigint NOT NULL,
    heartbeat_at  bigint NOT NULL,
    stopped_at    bigint NULL          -- it said so
);

CREATE TABLE dbo.minute_stats (
    minute_at      bigint NOT NULL,     -- when the minute began
    node_id        binary(16) NOT NULL,
    prepared       bigint NOT NULL,
    committed      bigint NOT NULL,
    rolled_back    bigint NOT NULL,
    delivered      bigint NOT NULL,
    failed         bigint NOT NULL,
    dead_lettered  bigint NOT NULL,
    latencies      nvarchar(2000) NULL, -- from commit to delivered: bucket:count,... (LatencyBuckets has the bounds)
    CONSTRAINT pk_minute_stats PRIMARY KEY CLUSTERED (minute_at, node_id)
);

CREATE TABLE dbo.endpoint_health (
    kind             tinyint NOT NULL,  -- 0 subscription, 1 producer
    subject_id       bigint NOT NULL,
    node_id          binary(16) NOT NULL,
    last_success_at  bigint NULL,
    last_failure_at  bigint NULL,
    last_status      int NULL,          -- of the last failure
    last_error       nvarchar(1000) NULL,
    recent           nvarchar(1000) NULL, -- slot:attempts:failures,... of five minutes each
    circuit_until    bigint NULL,       -- NULL: closed; in the past: one may try
    CONSTRAINT pk_endpoint_health PRIMARY KEY CLUSTERED (kind, subject_id, node_id)
);
GO
CREATE TYPE dbo.node_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    id binary(16) NOT NULL,
    name nvarchar(128) NULL,
    version nvarchar(64) NULL,
    addresses nvarchar(2000) NULL,
    beat_ms bigint NOT NULL,
    started_at bigint NOT NULL,
    heartbeat_at bigint NOT NULL,
    stopped_at bigint NULL
);
CREATE TYPE dbo.minute_stats_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    minute_at bigint NOT NULL,
    node_id binary(16) NOT NULL,
    prepared bigint NOT NULL,
    committed bigint NOT NULL,
    rolled_back bigint NOT NULL,
    delivered bigint NOT NULL,
    failed bigint NOT NULL,
    dead_lettered bigint NOT NULL,
    latencies nvarchar(2000) NULL
);
CREATE TYPE dbo.endpoint_health_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    kind int NOT NULL,
    subject_id bigint NOT NULL,
    node_id binary(16) NOT NULL,
    last_success_at bigint NULL,
    last_failure_at bigint NULL,
    last_status int NULL,
    last_error nvarchar(1000) NULL,
    recent nvarchar(1000) NULL,
    circuit_until bigint NULL
);
