-- TxMsg schema 1 on SQL Server 2017 and later. Times are Unix milliseconds UTC; ids are 16 bytes, big-endian (version 7 inserts
-- in order). Text that is compared has a binary collation: exact, as on SQLite. Never changed once shipped: a later change is a
-- later script. Filtered indexes repeat the filter's column so that they cover what looks at it.

-- Producers, subscriptions and API keys are cached by every node; each change raises the version in its own transaction.
CREATE TABLE dbo.registry (
    version bigint NOT NULL
);
INSERT INTO dbo.registry (version) VALUES (1);

CREATE TABLE dbo.producers (
    id                          bigint IDENTITY(1, 1) NOT NULL CONSTRAINT pk_producers PRIMARY KEY CLUSTERED,
    name                        nvarchar(256) COLLATE Latin1_General_100_BIN2 NOT NULL CONSTRAINT ux_producers_name UNIQUE,
    check_back_url              nvarchar(2048) NOT NULL,
    check_back_after_ms         bigint NULL,
    max_unknown_answers         int NULL,
    give_up_after_ms            bigint NULL,
    secret                      nvarchar(max) NOT NULL, -- encrypted
    previous_secret             nvarchar(max) NULL,     -- encrypted; signs beside the new one until it expires
    previous_secret_expires_at  bigint NULL,
    check_back_job_token        bigint NULL,            -- lease of the one job that works off this producer's overdue half messages
    check_back_job_until        bigint NOT NULL CONSTRAINT df_producers_check_back_job_until DEFAULT 0,
    created_at                  bigint NOT NULL,
    updated_at                  bigint NOT NULL
);

CREATE TABLE dbo.subscriptions (
    id                          bigint IDENTITY(1, 1) NOT NULL CONSTRAINT pk_subscriptions PRIMARY KEY CLUSTERED,
    name                        nvarchar(256) COLLATE Latin1_General_100_BIN2 NOT NULL CONSTRAINT ux_subscriptions_name UNIQUE,
    topic                       nvarchar(256) COLLATE Latin1_General_100_BIN2 NOT NULL,
    endpoint                    nvarchar(2048) NOT NULL,
    tags                        nvarchar(max) NULL,     -- JSON array; NULL: every tag
    ordered                     tinyint NOT NULL,
    max_concurrency             int NULL,
    timeout_ms                  bigint NULL,
    retry_schedule              nvarchar(max) NULL,     -- JSON array of seconds
    secret                      nvarchar(max) NOT NULL, -- encrypted
    previous_secret             nvarchar(max) NULL,     -- encrypted
    previous_secret_expires_at  bigint NULL,
    state                       tinyint NOT NULL,       -- 0 active, 1 paused, 2 deleted: rows wait for the purge
    paused_reason               nvarchar(1000) NULL,
    created_at                  bigint NOT NULL,
    updated_at                  bigint NOT NULL
);

CREATE TABLE dbo.api_keys (
    id           nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL CONSTRAINT pk_api_keys PRIMARY KEY CLUSTERED,
    producer_id  bigint NULL,          -- NULL: administration
    key_hash     varbinary(32) NOT NULL, -- SHA-256 of the 256-bit random key
    created_at   bigint NOT NULL
);

-- Small rows that change with the state; what never changes and may be large stands in message_contents.
CREATE TABLE dbo.messages (
    seq              bigint IDENTITY(1, 1) NOT NULL CONSTRAINT pk_messages PRIMARY KEY CLUSTERED,
    id               binary(16) NOT NULL,
    producer_id      bigint NOT NULL,
    topic            nvarchar(256) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [key]            nvarchar(256) COLLATE Latin1_General_100_BIN2 NULL,
    tag              nvarchar(256) COLLATE Latin1_General_100_BIN2 NULL,
    ordering_key     nvarchar(256) COLLATE Latin1_General_100_BIN2 NULL,
    delay_ms         bigint NOT NULL,
    trace_parent     nvarchar(64) NULL,
    state            tinyint NOT NULL, -- 0 prepared, 1 parked, 2 committed, 3 rolledBack
    prepared_at      bigint NOT NULL,
    check_back_at    bigint NULL,      -- when to ask next, or until when the one who asks may take
    check_back_token bigint NULL,      -- fences a node that asked too slowly
    check_backs      int NOT NULL CONSTRAINT df_messages_check_backs DEFAULT 0,
    unknown_answers  int NOT NULL CONSTRAINT df_messages_unknown_answers DEFAULT 0,
    parked_at        bigint NULL,
    decided_at       bigint NULL,
    decided_by       tinyint NULL,     -- 0 producer, 1 checkBack, 2 operator
    reason           nvarchar(1000) NULL
);
CREATE UNIQUE NONCLUSTERED INDEX ux_messages_id ON dbo.messages (id);
CREATE NONCLUSTERED INDEX ix_messages_prepared_at ON dbo.messages (prepared_at);
CREATE NONCLUSTERED INDEX ix_messages_key ON dbo.messages ([key], prepared_at) WHERE [key] IS NOT NULL;
CREATE NONCLUSTERED INDEX ix_messages_undecided ON dbo.messages (producer_id, check_back_at, prepared_at) INCLUDE (state) WHERE state = 0;
CREATE NONCLUSTERED INDEX ix_messages_parked ON dbo.messages (producer_id, parked_at) INCLUDE (state, prepared_at) WHERE state = 1;
CREATE NONCLUSTERED INDEX ix_messages_rolled_back ON dbo.messages (decided_at) INCLUDE (state) WHERE state = 3;

CREATE TABLE dbo.message_contents (
    message_seq   bigint NOT NULL CONSTRAINT pk_message_contents PRIMARY KEY CLUSTERED,
    content_type  nvarchar(256) NOT NULL,
    headers       nvarchar(max) NULL, -- JSON object
    payload       varbinary(max) NOT NULL
);

CREATE TABLE dbo.check_backs (
    message_seq  bigint NOT NULL,
    attempt      int NOT NULL,
    at           bigint NOT NULL,
    url          nvarchar(2048) NOT NULL,
    status       int NULL,
    latency_ms   bigint NOT NULL,
    answer       nvarchar(16) NOT NULL, -- commit, rollback, unknown, unreachable
    error        nvarchar(1000) NULL,
    CONSTRAINT pk_check_backs PRIMARY KEY CLUSTERED (message_seq, attempt)
);

-- id is the commit order: an ordered subscription goes by it.
CREATE TABLE dbo.deliveries (
    id               bigint IDENTITY(1, 1) NOT NULL CONSTRAINT pk_deliveries PRIMARY KEY CLUSTERED,
    message_seq      bigint NOT NULL,
    subscription_id  bigint NOT NULL,
    ordering_key     nvarchar(256) COLLATE Latin1_General_100_BIN2 NULL, -- only where the subscription is ordered
    state            tinyint NOT NULL, -- 0 pending, 1 leased, 2 delivered, 3 deadLettered, 4 discarded
    due_at           bigint NOT NULL,  -- pending: when to try next; leased: until when
    lease_token      bigint NULL,
    attempts         int NOT NULL CONSTRAINT df_deliveries_attempts DEFAULT 0,
    schedule_start   int NOT NULL CONSTRAINT df_deliveries_schedule_start DEFAULT 0, -- attempts made before the last redelivery began the schedule anew
    last_status      int NULL,
    last_error       nvarchar(1000) NULL,
    last_latency_ms  bigint NULL,
    last_attempt_at  bigint NULL,
    finished_at      bigint NULL
);
CREATE UNIQUE NONCLUSTERED INDEX ux_deliveries_message ON dbo.deliveries (message_seq, subscription_id);
CREATE NONCLUSTERED INDEX ix_deliveries_pending ON dbo.deliveries (subscription_id, due_at) INCLUDE (state) WHERE state = 0;
CREATE NONCLUSTERED INDEX ix_deliveries_leased ON dbo.deliveries (due_at, subscription_id) INCLUDE (state, lease_token) WHERE state = 1;
CREATE NONCLUSTERED INDEX ix_deliveries_dead ON dbo.deliveries (subscription_id, id) INCLUDE (state, finished_at) WHERE state = 3;
CREATE NONCLUSTERED INDEX ix_deliveries_ordered ON dbo.deliveries (subscription_id, ordering_key, id) INCLUDE (state)
    WHERE ordering_key IS NOT NULL AND state IN (0, 1);

-- One row for each ordering key in play: whoever adds to a key or finishes its head updates the row first, so that the
-- two can never miss each other. Deliveries behind the head are pending with due_at at the end of time.
CREATE TABLE dbo.ordering_lanes (
    subscription_id   bigint NOT NULL,
    ordering_key      nvarchar(256) COLLATE Latin1_General_100_BIN2 NOT NULL,
    head_delivery_id  bigint NULL,
    touched           bigint NOT NULL,
    CONSTRAINT pk_ordering_lanes PRIMARY KEY CLUSTERED (subscription_id, ordering_key)
);

-- Failed attempts only: a success stands in its delivery.
CREATE TABLE dbo.delivery_attempts (
    delivery_id  bigint NOT NULL,
    attempt      int NOT NULL,
    at           bigint NOT NULL,
    endpoint     nvarchar(2048) NOT NULL,
    outcome      nvarchar(64) NOT NULL,
    status       int NULL,
    latency_ms   bigint NOT NULL,
    error        nvarchar(1000) NULL,
    CONSTRAINT pk_delivery_attempts PRIMARY KEY CLUSTERED (delivery_id, attempt)
);

-- What people did: kept as long as the message it speaks of.
CREATE TABLE dbo.operator_actions (
    id               bigint IDENTITY(1, 1) NOT NULL CONSTRAINT pk_operator_actions PRIMARY KEY CLUSTERED,
    at               bigint NOT NULL,
    actor            nvarchar(128) NOT NULL,
    action           nvarchar(64) NOT NULL,
    message_seq      bigint NULL,
    subscription_id  bigint NULL,
    producer_id      bigint NULL,
    reason           nvarchar(1000) NULL
);
CREATE NONCLUSTERED INDEX ix_operator_actions_message ON dbo.operator_actions (message_seq) WHERE message_seq IS NOT NULL;

-- Finished rows are counted as they finish, so that the stats never scan history. One set of rows for each shard,
-- so that nodes don't wait for each other.
CREATE TABLE dbo.counters (
    shard  int NOT NULL,
    name   nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    value  bigint NOT NULL,
    CONSTRAINT pk_counters PRIMARY KEY CLUSTERED (shard, name)
);

CREATE TABLE dbo.alerts (
    condition      nvarchar(400) COLLATE Latin1_General_100_BIN2 NOT NULL CONSTRAINT pk_alerts PRIMARY KEY CLUSTERED,
    kind           nvarchar(64) NOT NULL,
    subject        nvarchar(400) NULL,
    detail         nvarchar(max) NOT NULL,
    raised_at      bigint NOT NULL,
    notified_at    bigint NULL,  -- when the receiver acknowledged that it was raised
    cleared_at     bigint NULL,  -- set until the receiver acknowledged that it was cleared; then the row goes
    claimed_until  bigint NOT NULL CONSTRAINT df_alerts_claimed_until DEFAULT 0 -- until when one node alone tells the receiver
);

CREATE TABLE dbo.data_protection_keys (
    name  nvarchar(256) COLLATE Latin1_General_100_BIN2 NOT NULL CONSTRAINT pk_data_protection_keys PRIMARY KEY CLUSTERED,
    xml   nvarchar(max) NOT NULL
);
GO
-- A statement changes at most 2,000 rows of these; nobody is to wait for a whole table.
ALTER TABLE dbo.messages SET (LOCK_ESCALATION = DISABLE);
ALTER TABLE dbo.message_contents SET (LOCK_ESCALATION = DISABLE);
ALTER TABLE dbo.deliveries SET (LOCK_ESCALATION = DISABLE);
GO
-- The sets of rows that statements take as @rows. Each begins with the row's place in its set; the other columns are those of
-- the BatchStatement in C#, in its order.
CREATE TYPE dbo.id_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    id binary(16) NOT NULL
);
CREATE TYPE dbo.message_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    id binary(16) NOT NULL,
    producer_id bigint NOT NULL,
    topic nvarchar(256) COLLATE Latin1_General_100_BIN2 NULL,
    [key] nvarchar(256) COLLATE Latin1_General_100_BIN2 NULL,
    tag nvarchar(256) COLLATE Latin1_General_100_BIN2 NULL,
    ordering_key nvarchar(256) COLLATE Latin1_General_100_BIN2 NULL,
    delay_ms bigint NOT NULL,
    trace_parent nvarchar(64) NULL,
    state int NOT NULL,
    prepared_at bigint NOT NULL,
    check_back_at bigint NULL,
    decided_at bigint NULL,
    decided_by int NULL
);
CREATE TYPE dbo.message_content_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    message_seq bigint NOT NULL,
    content_type nvarchar(256) NULL,
    headers nvarchar(max) NULL,
    payload varbinary(max) NULL
);
CREATE TYPE dbo.verdict_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    id binary(16) NOT NULL,
    state int NOT NULL,
    decided_at bigint NOT NULL,
    decided_by int NOT NULL,
    reason nvarchar(1000) NULL,
    only_producer_id bigint NULL
);
CREATE TYPE dbo.operator_action_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    at bigint NOT NULL,
    actor nvarchar(128) NULL,
    action nvarchar(64) NULL,
    message_seq bigint NULL,
    reason nvarchar(1000) NULL
);
CREATE TYPE dbo.delivery_action_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    at bigint NOT NULL,
    actor nvarchar(128) NULL,
    action nvarchar(64) NULL,
    message_seq bigint NULL,
    subscription_id bigint NULL,
    reason nvarchar(1000) NULL
);
CREATE TYPE dbo.counter_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    name nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    delta bigint NOT NULL
);
CREATE TYPE dbo.delivery_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    message_seq bigint NOT NULL,
    subscription_id bigint NOT NULL,
    ordering_key nvarchar(256) COLLATE Latin1_General_100_BIN2 NULL,
    state int NOT NULL,
    due_at bigint NOT NULL,
    lease_token bigint NULL
);
CREATE TYPE dbo.delivered_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    id bigint NOT NULL,
    lease_token bigint NOT NULL,
    attempts int NOT NULL,
    last_status int NULL,
    last_latency_ms bigint NULL,
    last_attempt_at bigint NULL,
    finished_at bigint NOT NULL
);
CREATE TYPE dbo.failed_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    id bigint NOT NULL,
    lease_token bigint NOT NULL,
    state int NOT NULL,
    due_at bigint NOT NULL,
    attempts int NOT NULL,
    last_status int NULL,
    last_error nvarchar(1000) NULL,
    last_latency_ms bigint NULL,
    last_attempt_at bigint NULL,
    finished_at bigint NULL
);
CREATE TYPE dbo.attempt_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    delivery_id bigint NOT NULL,
    attempt int NOT NULL,
    at bigint NOT NULL,
    endpoint nvarchar(2048) NULL,
    outcome nvarchar(64) NULL,
    status int NULL,
    latency_ms bigint NOT NULL,
    error nvarchar(1000) NULL
);
CREATE TYPE dbo.released_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    id bigint NOT NULL,
    lease_token bigint NOT NULL,
    due_at bigint NOT NULL
);
CREATE TYPE dbo.renewal_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    id bigint NOT NULL,
    lease_token bigint NOT NULL,
    leased_until bigint NOT NULL
);
CREATE TYPE dbo.claim_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    subscription_id bigint NOT NULL,
    limit int NOT NULL,
    now bigint NOT NULL,
    leased_until bigint NOT NULL,
    lease_token bigint NOT NULL
);
CREATE TYPE dbo.lane_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    subscription_id bigint NOT NULL,
    ordering_key nvarchar(256) COLLATE Latin1_General_100_BIN2 NOT NULL,
    now bigint NOT NULL
);
CREATE TYPE dbo.lane_head_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    subscription_id bigint NOT NULL,
    ordering_key nvarchar(256) COLLATE Latin1_General_100_BIN2 NOT NULL,
    head_delivery_id bigint NOT NULL
);
CREATE TYPE dbo.check_back_result_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    message_seq bigint NOT NULL,
    check_back_token bigint NOT NULL,
    check_backs int NOT NULL,
    unknown_answers int NOT NULL,
    state int NOT NULL,
    check_back_at bigint NULL,
    now bigint NOT NULL
);
CREATE TYPE dbo.check_back_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    message_seq bigint NOT NULL,
    attempt int NOT NULL,
    at bigint NOT NULL,
    url nvarchar(2048) NULL,
    status int NULL,
    latency_ms bigint NOT NULL,
    answer nvarchar(16) NULL,
    error nvarchar(1000) NULL
);
CREATE TYPE dbo.dead_letter_search_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    subscription_id bigint NOT NULL,
    up_to bigint NOT NULL,
    limit int NOT NULL
);
CREATE TYPE dbo.dead_letter_message_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    subscription_id bigint NOT NULL,
    message_id binary(16) NOT NULL
);
CREATE TYPE dbo.dead_letter_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    id bigint NOT NULL,
    now bigint NOT NULL,
    due_at bigint NOT NULL
);
