-- TxMsg schema 11 on SQL Server: whoever finishes the head of a lane takes on the next delivery in the same transaction. A node of the version
-- before works on beside it.
CREATE TYPE dbo.lane_lease_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    subscription_id bigint NOT NULL,
    ordering_key nvarchar(256) COLLATE Latin1_General_100_BIN2 NOT NULL,
    now bigint NOT NULL,
    leased_until bigint NOT NULL,
    lease_token bigint NOT NULL
);
