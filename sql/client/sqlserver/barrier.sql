-- One row a message id: outcome 1, the local transaction that entered the barrier; 2, a tombstone: it can never enter any more.

-- The caller's transaction holds table and index together. Of two instances that start together one may be told that the
-- table is there already (2714): it runs this again.
-- name: CreateBarrierTable
IF OBJECT_ID(N'dbo.txmsg_barrier', N'U') IS NULL
BEGIN
    CREATE TABLE dbo.txmsg_barrier (
        id binary(16) NOT NULL CONSTRAINT pk_txmsg_barrier PRIMARY KEY,
        outcome tinyint NOT NULL,
        created_at bigint NOT NULL
    );
    CREATE INDEX ix_txmsg_barrier_created_at ON dbo.txmsg_barrier (created_at);
END;

-- Refused by the provider where the connection has a transaction that the command is not told of.
-- name: ProbeConnection
SELECT 1;

-- Whatever the isolation level, the unique key is checked against what is committed now and not against a snapshot, and
-- waits for whoever is inserting the same key.
-- name: EnterBarrier
INSERT INTO dbo.txmsg_barrier (id, outcome, created_at) VALUES (@id, 1, @now);

-- At once, whatever the provider does with the connection; nothing where the server has rolled back by itself.
-- name: DoomTransaction
IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;

-- Waits a tenth of a second for a transaction in flight: whoever still finds the key locked (1222) asks again.
-- name: InsertTombstone
SET LOCK_TIMEOUT 103;
INSERT INTO dbo.txmsg_barrier (id, outcome, created_at) VALUES (@id, 2, @now);

-- READCOMMITTEDLOCK: what is committed now, with the row's lock, also where READ COMMITTED reads row versions.
-- name: FindOutcome
SET LOCK_TIMEOUT 103;
SELECT outcome FROM dbo.txmsg_barrier WITH (READCOMMITTEDLOCK) WHERE id = @id;

-- SQL Server restores by itself what a batch with parameters sets, to whatever the caller had; not every compatible server
-- does. No caller's own setting is likely to be one of these numbers; the second is that of the local message table.
-- name: RestoreLockTimeout
IF @@LOCK_TIMEOUT IN (103, 3003) SET LOCK_TIMEOUT -1;

-- READCOMMITTEDLOCK, because READPAST needs it where READ COMMITTED reads row versions. Counted, whatever the server's default of
-- NOCOUNT is.
-- name: DeleteOldBarrierRows
SET NOCOUNT OFF;
DELETE TOP (@limit) FROM dbo.txmsg_barrier WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK) WHERE created_at < @before;
