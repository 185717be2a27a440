-- Bulk actions: the rows that jobs work off, and what they are about.

-- name: InsertBulkAction
INSERT INTO bulk_actions (id, kind, state, actor, reason, filter, subscription_id, producer_id, per_second, up_to, total, total_is_exact, created_at)
VALUES (@id, @kind, 0, @actor, @reason, @filter, @subscriptionId, @producerId, @perSecond, @upTo, @total, @totalIsExact, @now);

-- name: FindBulkAction
SELECT seq, id, kind, state, actor, reason, filter, subscription_id AS SubscriptionId, producer_id AS ProducerId, per_second AS PerSecond,
       up_to AS UpTo, total, total_is_exact AS TotalIsExact, position, examined, done, failed, lease_token AS LeaseToken,
       created_at AS CreatedAt, started_at AS StartedAt, finished_at AS FinishedAt, error
FROM bulk_actions
WHERE id = @id;

-- name: FindBulkActionOfLease
SELECT seq, id, kind, state, actor, reason, filter, subscription_id AS SubscriptionId, producer_id AS ProducerId, per_second AS PerSecond,
       up_to AS UpTo, total, total_is_exact AS TotalIsExact, position, examined, done, failed, lease_token AS LeaseToken,
       created_at AS CreatedAt, started_at AS StartedAt, finished_at AS FinishedAt, error
FROM bulk_actions
WHERE seq = @seq AND lease_token = @token AND state = 1;

-- name: ListBulkActions
SELECT seq, id, kind, state, actor, reason, filter, subscription_id AS SubscriptionId, producer_id AS ProducerId, per_second AS PerSecond,
       up_to AS UpTo, total, total_is_exact AS TotalIsExact, position, examined, done, failed, lease_token AS LeaseToken,
       created_at AS CreatedAt, started_at AS StartedAt, finished_at AS FinishedAt, error
FROM bulk_actions
WHERE seq < @before
ORDER BY seq DESC
LIMIT @limit;

-- name: CountBulkActionsUnderWay
SELECT COUNT(*) FROM bulk_actions WHERE state IN (0, 1) AND lease_until > @now;

-- Oldest first: waiting, or left behind by a job that was lost.
-- name: ListStartableBulkActions
SELECT seq, kind, filter, total FROM bulk_actions INDEXED BY ix_bulk_actions_open WHERE state IN (0, 1) AND lease_until <= @now ORDER BY seq LIMIT @limit;

-- One job an action, over all nodes: a lease that the job renews, so that a dead node's job is replaced. The token: a write whose commit
-- got no answer runs again, and finds what it wrote.
-- name: AcquireBulkAction
UPDATE bulk_actions SET lease_token = @token, lease_until = @until WHERE seq = @seq AND state IN (0, 1) AND (lease_until <= @now OR lease_token = @token);

-- name: BeginBulkAction
UPDATE bulk_actions SET state = 1, started_at = COALESCE(started_at, @now), lease_until = @until
WHERE seq = @seq AND lease_token = @token AND state IN (0, 1);

-- Counts what came of a position once, however often it runs.
-- name: RecordBulkAction
UPDATE bulk_actions
SET position = @position, examined = examined + CASE WHEN position = @position THEN 0 ELSE @examined END,
    done = done + CASE WHEN position = @position THEN 0 ELSE @done END, failed = failed + CASE WHEN position = @position THEN 0 ELSE @failed END,
    lease_until = @until
WHERE seq = @seq AND lease_token = @token AND state = 1;

-- name: FinishBulkAction
UPDATE bulk_actions SET state = @state, error = @error, finished_at = @now, lease_token = NULL, lease_until = 0
WHERE seq = @seq AND lease_token = @token AND state = 1;

-- name: ReleaseBulkAction
UPDATE bulk_actions SET lease_token = NULL, lease_until = @until WHERE seq = @seq AND lease_token = @token AND state IN (0, 1);

-- At the start of the only node of a store: nobody runs a job.
-- name: ReleaseAllBulkActions
UPDATE bulk_actions SET lease_token = NULL, lease_until = 0 WHERE state IN (0, 1) AND lease_until > 0;

-- name: CancelBulkAction
UPDATE bulk_actions SET state = 3, finished_at = @now, lease_token = NULL, lease_until = 0 WHERE id = @id AND state IN (0, 1);

-- name: DeleteOldBulkActions
DELETE FROM bulk_actions WHERE seq IN (SELECT seq FROM bulk_actions WHERE finished_at IS NOT NULL AND finished_at < @before LIMIT @limit);

-- In the transaction that did it.
-- name: TallyBulkActions
UPDATE bulk_actions SET done = done + @done WHERE seq = @bulk_action_seq;

-- name: CountDeadLettersUpTo
SELECT COUNT(*) FROM (SELECT 1 FROM deliveries WHERE state = 3 AND subscription_id = @subscriptionId AND id <= @upTo LIMIT @limit);

-- The error is long and rarely asked for.
-- name: ListDeadLettersInOrder
SELECT id, last_status AS LastStatus, CASE WHEN @withError = 1 THEN last_error END AS LastError, finished_at AS FinishedAt
FROM deliveries
WHERE state = 3 AND subscription_id = @subscriptionId AND id > @after AND id <= @upTo
ORDER BY id
LIMIT @limit;

-- name: FindDeadLetterOfMessage
SELECT d.id, d.last_status AS LastStatus, d.last_error AS LastError, d.finished_at AS FinishedAt
FROM messages m JOIN deliveries d ON d.message_seq = m.seq AND d.subscription_id = @subscriptionId
WHERE m.id = @id AND d.state = 3;

-- name: FindNewestMessage
SELECT MAX(seq) FROM messages;

-- Two small indexes, read to their end: they are in no order that a position could be kept in. The rows themselves are read only for
-- the few that come first.
-- name: ListUndecidedInOrder
SELECT m.seq, m.id, m.producer_id AS ProducerId, m.topic, m.state, m.prepared_at AS PreparedAt, m.check_back_at AS CheckBackAt,
       m.check_back_token AS CheckBackToken, m.check_backs AS CheckBacks
FROM messages m
WHERE m.seq IN (SELECT u.seq
                FROM (SELECT p.seq AS seq FROM messages p INDEXED BY ix_messages_undecided
                      WHERE p.state = 0 AND @prepared = 1 AND p.producer_id >= @producerFrom AND p.producer_id <= @producerTo
                        AND p.prepared_at <= @preparedBefore AND p.seq > @after AND p.seq <= @upTo
                      UNION ALL
                      SELECT p.seq FROM messages p INDEXED BY ix_messages_parked
                      WHERE p.state = 1 AND @parked = 1 AND p.producer_id >= @producerFrom AND p.producer_id <= @producerTo
                        AND p.prepared_at <= @preparedBefore AND p.seq > @after AND p.seq <= @upTo
                      ORDER BY seq
                      LIMIT @limit) u)
ORDER BY m.seq;
