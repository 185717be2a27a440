-- One row a message id: outcome 1, the local transaction that entered the barrier; 2, a tombstone: it can never enter any more.

-- name: CreateBarrierTable
CREATE TABLE IF NOT EXISTS txmsg_barrier (
    id BLOB NOT NULL PRIMARY KEY,
    outcome INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS ix_txmsg_barrier_created_at ON txmsg_barrier (created_at);

-- Refused by the provider where the connection has a transaction that the command is not told of.
-- name: ProbeConnection
SELECT 1;

-- name: EnterBarrier
INSERT INTO txmsg_barrier (id, outcome, created_at) VALUES (@id, 1, @now);

-- The provider then refuses every further statement of its transaction, and its commit, until the caller has rolled back.
-- name: DoomTransaction
ROLLBACK;

-- Waits for nothing: whoever finds the file locked asks again. Fails inside a transaction of the caller's.
-- name: BeginFence
BEGIN IMMEDIATE;

-- name: InsertTombstone
INSERT INTO txmsg_barrier (id, outcome, created_at) VALUES (@id, 2, @now);

-- What is committed, also on a connection that shares its cache and was told to read what is not.
-- name: FindOutcome
PRAGMA read_uncommitted = 0;
SELECT outcome FROM txmsg_barrier WHERE id = @id;

-- name: CommitFence
COMMIT;

-- name: AbandonFence
ROLLBACK;

-- name: DeleteOldBarrierRows
DELETE FROM txmsg_barrier WHERE id IN (SELECT id FROM txmsg_barrier WHERE created_at < @before LIMIT @limit);
