-- Local messages: written in the caller's transaction, sent to the coordinator by the relay.
-- state: 0 sending, 1 sent, 2 failed (waits for a person), 3 discarded. A leased row is a sending one with a token that is due
-- again when the lease is over; due_at 0: at once. seq is the order within an ordering key.
-- producer: whose it is, and who sends it. Empty: written by a version that did not say, or by a table without options; the relay that
-- finds it first makes it its own.
-- Text that is compared has a binary collation: exact, as on SQLite.
-- READPAST takes READCOMMITTEDLOCK beside it, as the server asks for it where READ COMMITTED reads row versions, and runs in a
-- transaction that is READ COMMITTED: at other levels the server refuses it (650).
-- NOCOUNT is OFF where the rows that changed are counted: a server may have it ON by default, and then it tells no count. It is set
-- in a batch with parameters, and so restored at its end.

-- A look before it is made, which takes no lock: the script makes all or nothing.
-- name: FindLocalMessageTable
SELECT 1 AS found WHERE COL_LENGTH(N'dbo.txmsg_local_messages', N'producer') IS NOT NULL;

-- 0: there is no table, 1: it has no producers, 2: it is as below. The lock ends with the transaction: of instances that start together
-- one makes the table.
-- name: ReadLocalMessageTableVersion
DECLARE @result int;
EXEC @result = sp_getapplock @Resource = N'txmsg_local_messages', @LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = 30000;
IF @result < 0 THROW 50001, N'Another instance has been creating dbo.txmsg_local_messages for more than 30 seconds.', 1;
SELECT CASE
           WHEN OBJECT_ID(N'dbo.txmsg_local_messages', N'U') IS NULL THEN 0
           WHEN COL_LENGTH(N'dbo.txmsg_local_messages', N'producer') IS NULL THEN 1
           ELSE 2
       END AS version;

-- name: CreateLocalMessageTable
CREATE TABLE dbo.txmsg_local_messages (
    seq           bigint IDENTITY(1, 1) NOT NULL CONSTRAINT pk_txmsg_local_messages PRIMARY KEY CLUSTERED,
    id            binary(16) NOT NULL CONSTRAINT ux_txmsg_local_messages_id UNIQUE,
    producer      nvarchar(256) COLLATE Latin1_General_100_BIN2 NOT NULL CONSTRAINT df_txmsg_local_messages_producer DEFAULT N'',
    state         tinyint NOT NULL,
    due_at        bigint NOT NULL,
    lease_token   bigint NULL,
    failures      int NOT NULL,
    last_status   int NULL,
    last_error    nvarchar(1000) NULL,
    enqueued_at   bigint NOT NULL,
    finished_at   bigint NULL,
    reason        nvarchar(1000) NULL,
    topic         nvarchar(256) NOT NULL,
    message_key   nvarchar(256) NULL,
    tag           nvarchar(256) NULL,
    ordering_key  nvarchar(256) COLLATE Latin1_General_100_BIN2 NULL,
    content_type  nvarchar(256) NOT NULL,
    delay_ms      bigint NULL,
    trace_parent  nvarchar(64) NULL,
    headers       nvarchar(max) NULL,
    payload       varbinary(max) NOT NULL
);

-- Instances of the version before go on beside it: their rows have no producer. It needs the whole table, and whoever comes while it waits
-- for that waits behind it: it gives up soon, lets the others go first, and is run again.
-- name: UpgradeLocalMessageTable
SET LOCK_TIMEOUT 3003;
ALTER TABLE dbo.txmsg_local_messages
    ADD producer nvarchar(256) COLLATE Latin1_General_100_BIN2 NOT NULL CONSTRAINT df_txmsg_local_messages_producer DEFAULT N'';

-- Apart, as the server would go on with them where it gave up the column.
-- name: DropLocalMessageIndexes
DROP INDEX ix_txmsg_local_messages_sending ON dbo.txmsg_local_messages;
DROP INDEX ix_txmsg_local_messages_ordered ON dbo.txmsg_local_messages;
DROP INDEX ix_txmsg_local_messages_leased ON dbo.txmsg_local_messages;
DROP INDEX ix_txmsg_local_messages_failed ON dbo.txmsg_local_messages;
DROP INDEX ix_txmsg_local_messages_finished ON dbo.txmsg_local_messages;

-- name: CreateLocalMessageIndexes
CREATE NONCLUSTERED INDEX ix_txmsg_local_messages_sending ON dbo.txmsg_local_messages (producer, seq)
    INCLUDE (state, due_at, lease_token, ordering_key) WHERE state = 0;
CREATE NONCLUSTERED INDEX ix_txmsg_local_messages_ordered ON dbo.txmsg_local_messages (ordering_key, seq)
    INCLUDE (producer, state, due_at, lease_token) WHERE ordering_key IS NOT NULL AND state IN (0, 2);
CREATE NONCLUSTERED INDEX ix_txmsg_local_messages_leased ON dbo.txmsg_local_messages (lease_token, seq)
    INCLUDE (producer, state, ordering_key) WHERE state = 0 AND lease_token IS NOT NULL;
CREATE NONCLUSTERED INDEX ix_txmsg_local_messages_failed ON dbo.txmsg_local_messages (seq) INCLUDE (producer, state) WHERE state = 2;
CREATE NONCLUSTERED INDEX ix_txmsg_local_messages_finished ON dbo.txmsg_local_messages (producer, finished_at)
    INCLUDE (state) WHERE state IN (1, 3);

-- name: InsertLocalMessage
INSERT INTO dbo.txmsg_local_messages
    (id, producer, state, due_at, failures, enqueued_at, topic, message_key, tag, ordering_key, content_type, delay_ms, trace_parent, headers, payload)
VALUES (@id, @producer, 0, 0, 0, @now, @topic, @key, @tag, @orderingKey, @contentType, @delayMs, @traceParent, @headers, @payload);

-- A look before the claim. What callers are just writing is passed over: it is looked for again.
-- name: FindClaimableLocalMessage
SELECT TOP (1) m.seq FROM dbo.txmsg_local_messages AS m WITH (READPAST, READCOMMITTEDLOCK)
WHERE m.producer IN (@producer, N'') AND m.state = 0 AND m.due_at <= @now
  AND NOT EXISTS (
      SELECT 1 FROM dbo.txmsg_local_messages AS e WITH (READPAST, READCOMMITTEDLOCK)
      WHERE e.ordering_key = m.ordering_key AND e.ordering_key IS NOT NULL AND e.seq < m.seq AND e.producer IN (@producer, N'')
        AND e.state IN (0, 2) AND (e.state = 2 OR e.due_at > @now));

-- The oldest first: what stands before one of them in its ordering key is taken on with it or before it. What callers are just writing
-- is passed over; it holds back what comes after it all the same. The target repeats what two relays at once must not both find.
-- name: AdoptLocalMessages
SET NOCOUNT OFF;
UPDATE dbo.txmsg_local_messages WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK, UPDLOCK)
SET producer = @producer
WHERE producer = N'' AND state = 0 AND seq IN (
    SELECT TOP (@limit) m.seq FROM dbo.txmsg_local_messages AS m WITH (READPAST, READCOMMITTEDLOCK)
    WHERE m.producer = N'' AND m.state = 0
    ORDER BY m.seq);

-- Nothing is claimed behind an earlier message of its key that failed, waits or is another's. By seq, so that a claim that the
-- limit cuts off keeps the beginning of each key; after @after, where what stands before it has to wait. It may be run again with
-- the same token, to claim more. The target repeats what two claims at once must not both find.
-- name: ClaimLocalMessages
SET NOCOUNT OFF;
UPDATE dbo.txmsg_local_messages WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK, UPDLOCK)
SET lease_token = @token, due_at = @leasedUntil
WHERE producer = @producer AND state = 0 AND due_at <= @now AND seq IN (
    SELECT TOP (@limit) m.seq FROM dbo.txmsg_local_messages AS m WITH (READPAST, READCOMMITTEDLOCK)
    WHERE m.producer = @producer AND m.state = 0 AND m.due_at <= @now AND m.seq > @after
      AND NOT EXISTS (
          SELECT 1 FROM dbo.txmsg_local_messages AS e WITH (READPAST, READCOMMITTEDLOCK)
          WHERE e.ordering_key = m.ordering_key AND e.ordering_key IS NOT NULL AND e.seq < m.seq AND e.producer IN (@producer, N'')
            AND e.state IN (0, 2) AND (e.state = 2 OR (e.due_at > @now AND (e.lease_token IS NULL OR e.lease_token <> @token))))
    ORDER BY m.seq);

-- The claim left out locked rows. This statement begins after it and leaves out no earlier message: what has an unsent one of its
-- key before it that is not of this claim must go back. READUNCOMMITTED, so that the relay waits for no caller who has written an
-- earlier message and has not ended yet: what he has written goes first. Read by itself, as the hint is not for the table that a
-- statement changes.
-- What is seen and then rolled back breaks no order. Of the changes to an earlier message two stop it from counting. Sent (1):
-- the coordinator has it, and if the mark is rolled back it has it once more with the same id. Discarded (3): one statement that
-- commits by itself; if it fails just then, later messages may be gone, as its caller wanted. Every other state that a row passes
-- through (unsent and free, leased, refused, failed) counts, and an insert that is rolled back only means that a message waited.
-- name: ListClaimedLocalMessagesThatOvertake
SELECT m.seq FROM dbo.txmsg_local_messages AS m WITH (READPAST, READCOMMITTEDLOCK)
WHERE m.state = 0 AND m.lease_token = @token AND m.lease_token IS NOT NULL
  AND EXISTS (
      SELECT 1 FROM dbo.txmsg_local_messages AS e WITH (READUNCOMMITTED)
      WHERE e.ordering_key = m.ordering_key AND e.ordering_key IS NOT NULL AND e.seq < m.seq AND e.producer IN (m.producer, N'')
        AND e.state IN (0, 2) AND (e.state = 2 OR e.lease_token IS NULL OR e.lease_token <> @token))
ORDER BY m.seq
OPTION (LOOP JOIN);

-- name: ListClaimedLocalMessages
SELECT m.seq, m.id, m.failures, m.enqueued_at, m.topic, m.message_key, m.tag, m.ordering_key, m.content_type, m.delay_ms,
       m.trace_parent, m.headers, m.payload
FROM dbo.txmsg_local_messages AS m WITH (READPAST, READCOMMITTEDLOCK)
WHERE m.state = 0 AND m.lease_token = @token AND m.lease_token IS NOT NULL
ORDER BY m.seq;

-- name: ReleaseLocalMessagesAfter
UPDATE dbo.txmsg_local_messages WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
SET lease_token = NULL, due_at = 0
WHERE state = 0 AND lease_token = @token AND lease_token IS NOT NULL AND seq > @seq;

-- name: ReleaseLocalMessage
UPDATE dbo.txmsg_local_messages WITH (ROWLOCK)
SET lease_token = NULL, due_at = @dueAt
WHERE seq = @seq AND state = 0 AND lease_token = @token;

-- name: RefuseLocalMessage
SET NOCOUNT OFF;
UPDATE dbo.txmsg_local_messages WITH (ROWLOCK)
SET state = @state, due_at = @dueAt, lease_token = NULL, failures = @failures, last_status = @status, last_error = @error
WHERE seq = @seq AND state = 0 AND lease_token = @token;

-- Of a claim whose other rows were released or refused before.
-- name: MarkLocalMessagesSent
UPDATE dbo.txmsg_local_messages WITH (ROWLOCK)
SET state = 1, lease_token = NULL, finished_at = @now
WHERE state = 0 AND lease_token = @token AND lease_token IS NOT NULL;

-- What callers are just writing does not count yet.
-- name: ReadLocalMessageStats
SELECT (SELECT COUNT_BIG(*) FROM dbo.txmsg_local_messages WITH (READPAST, READCOMMITTEDLOCK)
        WHERE producer IN (@producer, N'') AND state = 0) AS unsent,
       (SELECT COUNT_BIG(*) FROM dbo.txmsg_local_messages WITH (READPAST, READCOMMITTEDLOCK)
        WHERE producer IN (@producer, N'') AND state = 2) AS stuck,
       (SELECT MIN(oldest.enqueued_at) FROM (
            SELECT own.enqueued_at FROM (
                SELECT TOP (1) m.enqueued_at FROM dbo.txmsg_local_messages AS m WITH (READPAST, READCOMMITTEDLOCK)
                WHERE m.producer = @producer AND m.state = 0 ORDER BY m.seq) AS own
            UNION ALL
            SELECT unnamed.enqueued_at FROM (
                SELECT TOP (1) m.enqueued_at FROM dbo.txmsg_local_messages AS m WITH (READPAST, READCOMMITTEDLOCK)
                WHERE m.producer = N'' AND m.state = 0 ORDER BY m.seq) AS unnamed) AS oldest) AS oldest_at;

-- Everybody's without a producer.
-- name: ListStuckLocalMessages
SELECT TOP (@limit) m.id, m.topic, m.message_key, m.ordering_key, m.enqueued_at, m.failures, m.last_status, m.last_error
FROM dbo.txmsg_local_messages AS m
WHERE m.state = 2 AND (@producer = N'' OR m.producer IN (@producer, N''))
ORDER BY m.seq;

-- name: RetryLocalMessage
SET NOCOUNT OFF;
UPDATE dbo.txmsg_local_messages WITH (ROWLOCK)
SET state = 0, due_at = 0, failures = 0
WHERE id = @id AND state = 2;

-- name: DiscardLocalMessage
SET NOCOUNT OFF;
UPDATE dbo.txmsg_local_messages WITH (ROWLOCK)
SET state = 3, finished_at = @now, reason = @reason
WHERE id = @id AND state = 2;

-- A look before the purge, so that one that has nothing to do takes no locks.
-- name: FindPurgeableLocalMessage
SELECT TOP (1) m.seq FROM dbo.txmsg_local_messages AS m WITH (READPAST, READCOMMITTEDLOCK)
WHERE m.producer IN (@producer, N'') AND m.state IN (1, 3) AND m.finished_at <= @before;

-- name: DeleteFinishedLocalMessages
SET NOCOUNT OFF;
DELETE TOP (@limit) FROM dbo.txmsg_local_messages WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
WHERE producer IN (@producer, N'') AND state IN (1, 3) AND finished_at <= @before;
