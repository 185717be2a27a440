-- TxMsg schema 4 on SQL Server: what an operator does to many messages at once. Only a new table and types: a node of the version
-- before works on beside them, and leaves the rows to others.

-- Rows are the truth: a job works them off, and another one goes on at the position where a job was lost.
CREATE TABLE dbo.bulk_actions (
    seq              bigint IDENTITY(1, 1) NOT NULL CONSTRAINT pk_bulk_actions PRIMARY KEY CLUSTERED,
    id               binary(16) NOT NULL,
    kind             tinyint NOT NULL,         -- 0 redeliver, 1 discard, 2 checkBack, 3 commit, 4 rollback
    state            tinyint NOT NULL,         -- 0 waiting, 1 running, 2 finished, 3 cancelled, 4 failed
    actor            nvarchar(128) NOT NULL,
    reason           nvarchar(1000) NOT NULL,
    filter           nvarchar(max) NOT NULL,   -- JSON, as it was asked for
    subscription_id  bigint NULL,              -- the filter's, by id: names come and go
    producer_id      bigint NULL,
    per_second       int NOT NULL,
    up_to            bigint NOT NULL,          -- what was there when it was asked for: deliveries by id, messages by seq
    total            bigint NOT NULL,
    total_is_exact   tinyint NOT NULL,
    position         bigint NOT NULL CONSTRAINT df_bulk_actions_position DEFAULT 0, -- the last that was taken on: delivery, message, or place in the list of ids
    examined         bigint NOT NULL CONSTRAINT df_bulk_actions_examined DEFAULT 0, -- taken on, up to the position
    done             bigint NOT NULL CONSTRAINT df_bulk_actions_done DEFAULT 0,     -- raised in the transactions that do it, so it is right whenever a job is lost
    failed           bigint NOT NULL CONSTRAINT df_bulk_actions_failed DEFAULT 0,
    lease_token      bigint NULL,              -- of the one job that works on it
    lease_until      bigint NOT NULL CONSTRAINT df_bulk_actions_lease_until DEFAULT 0,
    created_at       bigint NOT NULL,
    started_at       bigint NULL,
    finished_at      bigint NULL,
    error            nvarchar(1000) NULL
);
CREATE UNIQUE NONCLUSTERED INDEX ux_bulk_actions_id ON dbo.bulk_actions (id);
CREATE NONCLUSTERED INDEX ix_bulk_actions_open ON dbo.bulk_actions (lease_until) INCLUDE (state) WHERE state IN (0, 1);
CREATE NONCLUSTERED INDEX ix_bulk_actions_finished ON dbo.bulk_actions (finished_at) WHERE finished_at IS NOT NULL;
GO
CREATE TYPE dbo.bulk_tally_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    bulk_action_seq bigint NOT NULL,
    done bigint NOT NULL
);
CREATE TYPE dbo.dead_letter_pick_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    dead_before bigint NOT NULL
);
CREATE TYPE dbo.redelivery_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    id bigint NOT NULL,
    state int NOT NULL,
    due_at bigint NOT NULL
);
