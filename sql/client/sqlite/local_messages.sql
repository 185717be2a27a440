-- Local messages: written in the caller's transaction, sent to the coordinator by the relay.
-- state: 0 sending, 1 sent, 2 failed (waits for a person), 3 discarded. A leased row is a sending one with a token that is due
-- again when the lease is over; due_at 0: at once. seq is the order within an ordering key; it is never used twice.
-- producer: whose it is, and who sends it. Empty: written by a version that did not say, or by a table without options; the relay that
-- finds it first makes it its own.
-- What may be large stands last, so that the rest is read without it.

-- A look before it is made, which takes no lock: the script makes all or nothing.
-- name: FindLocalMessageTable
SELECT 1 AS found FROM pragma_table_info('txmsg_local_messages') WHERE name = 'producer';

-- 0: there is no table, 1: it has no producers, 2: it is as below. In a transaction that others wait for.
-- name: ReadLocalMessageTableVersion
SELECT (SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'txmsg_local_messages')
     + (SELECT COUNT(*) FROM pragma_table_info('txmsg_local_messages') WHERE name = 'producer') AS version;

-- name: CreateLocalMessageTable
CREATE TABLE IF NOT EXISTS txmsg_local_messages (
    seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    id            BLOB NOT NULL UNIQUE,
    producer      TEXT NOT NULL DEFAULT '',
    state         INTEGER NOT NULL,
    due_at        INTEGER NOT NULL,
    lease_token   INTEGER NULL,
    failures      INTEGER NOT NULL,
    last_status   INTEGER NULL,
    last_error    TEXT NULL,
    enqueued_at   INTEGER NOT NULL,
    finished_at   INTEGER NULL,
    reason        TEXT NULL,
    topic         TEXT NOT NULL,
    message_key   TEXT NULL,
    tag           TEXT NULL,
    ordering_key  TEXT NULL,
    content_type  TEXT NOT NULL,
    delay_ms      INTEGER NULL,
    trace_parent  TEXT NULL,
    headers       TEXT NULL,
    payload       BLOB NOT NULL
);

-- Instances of the version before go on beside it: their rows have no producer, and their statements find the indexes by name.
-- name: UpgradeLocalMessageTable
ALTER TABLE txmsg_local_messages ADD COLUMN producer TEXT NOT NULL DEFAULT '';

-- name: DropLocalMessageIndexes
DROP INDEX ix_txmsg_local_messages_sending;
DROP INDEX ix_txmsg_local_messages_ordered;
DROP INDEX ix_txmsg_local_messages_leased;
DROP INDEX ix_txmsg_local_messages_failed;
DROP INDEX ix_txmsg_local_messages_finished;

-- name: CreateLocalMessageIndexes
CREATE INDEX IF NOT EXISTS ix_txmsg_local_messages_sending ON txmsg_local_messages (producer, seq, due_at, ordering_key) WHERE state = 0;
CREATE INDEX IF NOT EXISTS ix_txmsg_local_messages_ordered ON txmsg_local_messages (ordering_key, seq, producer, state, due_at, lease_token)
    WHERE ordering_key IS NOT NULL AND state IN (0, 2);
CREATE INDEX IF NOT EXISTS ix_txmsg_local_messages_leased ON txmsg_local_messages (lease_token, seq) WHERE state = 0 AND lease_token IS NOT NULL;
CREATE INDEX IF NOT EXISTS ix_txmsg_local_messages_failed ON txmsg_local_messages (seq, producer, state) WHERE state = 2;
CREATE INDEX IF NOT EXISTS ix_txmsg_local_messages_finished ON txmsg_local_messages (producer, finished_at) WHERE state IN (1, 3);

-- name: InsertLocalMessage
INSERT INTO txmsg_local_messages
    (id, producer, state, due_at, failures, enqueued_at, topic, message_key, tag, ordering_key, content_type, delay_ms, trace_parent, headers, payload)
VALUES (@id, @producer, 0, 0, 0, @now, @topic, @key, @tag, @orderingKey, @contentType, @delayMs, @traceParent, @headers, @payload);

-- A look before the claim, so that an idle relay does not take the write lock.
-- name: FindClaimableLocalMessage
SELECT m.seq FROM txmsg_local_messages AS m INDEXED BY ix_txmsg_local_messages_sending
WHERE m.producer IN (@producer, '') AND m.state = 0 AND m.due_at <= @now
  AND NOT EXISTS (
      SELECT 1 FROM txmsg_local_messages AS e INDEXED BY ix_txmsg_local_messages_ordered
      WHERE e.ordering_key = m.ordering_key AND e.seq < m.seq AND e.producer IN (@producer, '') AND e.state IN (0, 2)
        AND (e.state = 2 OR e.due_at > @now))
LIMIT 1;

-- The oldest first: what stands before one of them in its ordering key is taken on with it or before it.
-- name: AdoptLocalMessages
UPDATE txmsg_local_messages
SET producer = @producer
WHERE seq IN (
    SELECT m.seq FROM txmsg_local_messages AS m INDEXED BY ix_txmsg_local_messages_sending
    WHERE m.producer = '' AND m.state = 0
    ORDER BY m.seq LIMIT @limit);

-- Nothing is claimed behind an earlier message of its key that failed, waits or is another's. By seq, so that a claim that the
-- limit cuts off keeps the beginning of each key; after @after, where what stands before it has to wait. It may be run again with
-- the same token, to claim more.
-- name: ClaimLocalMessages
UPDATE txmsg_local_messages
SET lease_token = @token, due_at = @leasedUntil
WHERE seq IN (
    SELECT m.seq FROM txmsg_local_messages AS m INDEXED BY ix_txmsg_local_messages_sending
    WHERE m.producer = @producer AND m.state = 0 AND m.due_at <= @now AND m.seq > @after
      AND NOT EXISTS (
          SELECT 1 FROM txmsg_local_messages AS e INDEXED BY ix_txmsg_local_messages_ordered
          WHERE e.ordering_key = m.ordering_key AND e.seq < m.seq AND e.producer IN (@producer, '') AND e.state IN (0, 2)
            AND (e.state = 2 OR (e.due_at > @now AND (e.lease_token IS NULL OR e.lease_token <> @token))))
    ORDER BY m.seq LIMIT @limit);

-- What the claim saw may have been out of date where transactions run beside each other: whatever has an unsent message of
-- its key before it that is not of this claim must go back.
-- name: ListClaimedLocalMessagesThatOvertake
SELECT m.seq FROM txmsg_local_messages AS m INDEXED BY ix_txmsg_local_messages_leased
WHERE m.state = 0 AND m.lease_token = @token
  AND EXISTS (
      SELECT 1 FROM txmsg_local_messages AS e INDEXED BY ix_txmsg_local_messages_ordered
      WHERE e.ordering_key = m.ordering_key AND e.seq < m.seq AND e.producer IN (m.producer, '') AND e.state IN (0, 2)
        AND (e.state = 2 OR e.lease_token IS NULL OR e.lease_token <> @token))
ORDER BY m.seq;

-- name: ListClaimedLocalMessages
SELECT m.seq, m.id, m.failures, m.enqueued_at, m.topic, m.message_key, m.tag, m.ordering_key, m.content_type, m.delay_ms,
       m.trace_parent, m.headers, m.payload
FROM txmsg_local_messages AS m INDEXED BY ix_txmsg_local_messages_leased
WHERE m.state = 0 AND m.lease_token = @token
ORDER BY m.seq;

-- name: ReleaseLocalMessagesAfter
UPDATE txmsg_local_messages INDEXED BY ix_txmsg_local_messages_leased
SET lease_token = NULL, due_at = 0
WHERE state = 0 AND lease_token = @token AND seq > @seq;

-- name: ReleaseLocalMessage
UPDATE txmsg_local_messages
SET lease_token = NULL, due_at = @dueAt
WHERE seq = @seq AND state = 0 AND lease_token = @token;

-- name: RefuseLocalMessage
UPDATE txmsg_local_messages
SET state = @state, due_at = @dueAt, lease_token = NULL, failures = @failures, last_status = @status, last_error = @error
WHERE seq = @seq AND state = 0 AND lease_token = @token;

-- Of a claim whose other rows were released or refused before.
-- name: MarkLocalMessagesSent
UPDATE txmsg_local_messages INDEXED BY ix_txmsg_local_messages_leased
SET state = 1, lease_token = NULL, finished_at = @now
WHERE state = 0 AND lease_token = @token;

-- name: ReadLocalMessageStats
SELECT (SELECT COUNT(*) FROM txmsg_local_messages INDEXED BY ix_txmsg_local_messages_sending
        WHERE producer IN (@producer, '') AND state = 0) AS unsent,
       (SELECT COUNT(*) FROM txmsg_local_messages INDEXED BY ix_txmsg_local_messages_failed
        WHERE producer IN (@producer, '') AND state = 2) AS stuck,
       (SELECT MIN(enqueued_at) FROM (
            SELECT enqueued_at FROM (
                SELECT m.enqueued_at FROM txmsg_local_messages AS m INDEXED BY ix_txmsg_local_messages_sending
                WHERE m.producer = @producer AND m.state = 0 ORDER BY m.seq LIMIT 1)
            UNION ALL
            SELECT enqueued_at FROM (
                SELECT m.enqueued_at FROM txmsg_local_messages AS m INDEXED BY ix_txmsg_local_messages_sending
                WHERE m.producer = '' AND m.state = 0 ORDER BY m.seq LIMIT 1))) AS oldest_at;

-- Everybody's without a producer.
-- name: ListStuckLocalMessages
SELECT m.id, m.topic, m.message_key, m.ordering_key, m.enqueued_at, m.failures, m.last_status, m.last_error
FROM txmsg_local_messages AS m INDEXED BY ix_txmsg_local_messages_failed
WHERE m.state = 2 AND (@producer = '' OR m.producer IN (@producer, ''))
ORDER BY m.seq LIMIT @limit;

-- name: RetryLocalMessage
UPDATE txmsg_local_messages
SET state = 0, due_at = 0, failures = 0
WHERE id = @id AND state = 2;

-- name: DiscardLocalMessage
UPDATE txmsg_local_messages
SET state = 3, finished_at = @now, reason = @reason
WHERE id = @id AND state = 2;

-- A look before the purge, so that one that has nothing to do does not take the write lock.
-- name: FindPurgeableLocalMessage
SELECT m.seq FROM txmsg_local_messages AS m INDEXED BY ix_txmsg_local_messages_finished
WHERE m.producer IN (@producer, '') AND m.state IN (1, 3) AND m.finished_at <= @before LIMIT 1;

-- name: DeleteFinishedLocalMessages
DELETE FROM txmsg_local_messages
WHERE seq IN (
    SELECT m.seq FROM txmsg_local_messages AS m INDEXED BY ix_txmsg_local_messages_finished
    WHERE m.producer IN (@producer, '') AND m.state IN (1, 3) AND m.finished_at <= @before
    LIMIT @limit);
