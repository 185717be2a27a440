-- Bulk actions: the rows that jobs work off, and what they are about.

-- name: InsertBulkAction
INSERT INTO dbo.bulk_actions (id, kind, state, actor, reason, filter, subscription_id, producer_id, per_second, up_to, total, total_is_exact, created_at)
VALUES (CONVERT(binary(16), @id), @kind, 0, @actor, @reason, @filter, @subscriptionId, @producerId, @perSecond, @upTo, @total, @totalIsExact, @now);

-- name: FindBulkAction
SELECT seq, id, kind, state, actor, reason, filter, subscription_id AS SubscriptionId, producer_id AS ProducerId, per_second AS PerSecond,
       up_to AS UpTo, total, total_is_exact AS TotalIsExact, position, examined, done, failed, lease_token AS LeaseToken,
       created_at AS CreatedAt, started_at AS StartedAt, finished_at AS FinishedAt, error
FROM dbo.bulk_actions
WHERE id = CONVERT(binary(16), @id);

-- name: FindBulkActionOfLease
SELECT seq, id, kind, state, actor, reason, filter, subscription_id AS SubscriptionId, producer_id AS ProducerId, per_second AS PerSecond,
       up_to AS UpTo, total, total_is_exact AS TotalIsExact, position, examined, done, failed, lease_token AS LeaseToken,
       created_at AS CreatedAt, started_at AS StartedAt, finished_at AS FinishedAt, error
FROM dbo.bulk_actions
WHERE seq = @seq AND lease_token = @token AND state = 1;

-- name: ListBulkActions
SELECT TOP (@limit) seq, id, kind, state, actor, reason, filter, subscription_id AS SubscriptionId, producer_id AS ProducerId, per_second AS PerSecond,
       up_to AS UpTo, total, total_is_exact AS TotalIsExact, position, examined, done, failed, lease_token AS LeaseToken,
       created_at AS CreatedAt, started_at AS StartedAt, finished_at AS FinishedAt, error
FROM dbo.bulk_actions
WHERE seq < @before
ORDER BY seq DESC;

-- name: CountBulkActionsUnderWay
SELECT COUNT(*) FROM dbo.bulk_actions WHERE state IN (0, 1) AND lease_until > @now;

-- Oldest first: waiting, or left behind by a job that was lost.
-- name: ListStartableBulkActions
SELECT TOP (@limit) seq, kind, filter, total FROM dbo.bulk_actions WHERE state IN (0, 1) AND lease_until <= @now ORDER BY seq;

-- One job an action, over all nodes: a lease that the job renews, so that a dead node's job is replaced. The token: a write whose commit
-- got no answer runs again, and finds what it wrote.
-- name: AcquireBulkAction
UPDATE dbo.bulk_actions WITH (ROWLOCK)
SET lease_token = @token, lease_until = @until
WHERE seq = @seq AND state IN (0, 1) AND (lease_until <= @now OR lease_token = @token);

-- name: BeginBulkAction
UPDATE dbo.bulk_actions WITH (ROWLOCK)
SET state = 1, started_at = COALESCE(started_at, @now), lease_until = @until
WHERE seq = @seq AND lease_token = @token AND state IN (0, 1);

-- Counts what came of a position once, however often it runs.
-- name: RecordBulkAction
UPDATE dbo.bulk_actions WITH (ROWLOCK)
SET position = @position, examined = examined + CASE WHEN position = @position THEN 0 ELSE @examined END,
    done = done + CASE WHEN position = @position THEN 0 ELSE @done END, failed = failed + CASE WHEN position = @position THEN 0 ELSE @failed END,
    lease_until = @until
WHERE seq = @seq AND lease_token = @token AND state = 1;

-- name: FinishBulkAction
UPDATE dbo.bulk_actions WITH (ROWLOCK)
SET state = @state, error = @error, finished_at = @now, lease_token = NULL, lease_until = 0
WHERE seq = @seq AND lease_token = @token AND state = 1;

-- name: ReleaseBulkAction
UPDATE dbo.bulk_actions WITH (ROWLOCK)
SET lease_token = NULL, lease_until = @until
WHERE seq = @seq AND lease_token = @token AND state IN (0, 1);

-- At the start of the only node of a store: nobody runs a job.
-- name: ReleaseAllBulkActions
UPDATE dbo.bulk_actions SET lease_token = NULL, lease_until = 0 WHERE state IN (0, 1) AND lease_until > 0;

-- name: CancelBulkAction
UPDATE dbo.bulk_actions WITH (ROWLOCK)
SET state = 3, finished_at = @now, lease_token = NULL, lease_until = 0
WHERE id = CONVERT(binary(16), @id) AND state IN (0, 1);

-- name: DeleteOldBulkActions
DELETE TOP (@limit) FROM dbo.bulk_actions WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK) WHERE finished_at IS NOT NULL AND finished_at < @before;

-- In the transaction that did it.
-- name: TallyBulkActions
UPDATE dbo.bulk_actions WITH (ROWLOCK)
SET done = bulk_actions.done + r.done
FROM @rows AS r
WHERE bulk_actions.seq = r.bulk_action_seq
OPTION (LOOP JOIN);

-- name: CountDeadLettersUpTo
SELECT COUNT(*) FROM (SELECT TOP (@limit) 1 AS one FROM dbo.deliveries WHERE state = 3 AND subscription_id = @subscriptionId AND id <= @upTo) AS dead;

-- The error is long and rarely asked for.
-- name: ListDeadLettersInOrder
SELECT TOP (@limit) id, last_status AS LastStatus, CASE WHEN @withError = 1 THEN last_error END AS LastError, finished_at AS FinishedAt
FROM dbo.deliveries
WHERE state = 3 AND subscription_id = @subscriptionId AND id > @after AND id <= @upTo
ORDER BY id
OPTION (RECOMPILE);

-- name: FindDeadLetterOfMessage
SELECT d.id, d.last_status AS LastStatus, d.last_error AS LastError, d.finished_at AS FinishedAt
FROM dbo.messages AS m JOIN dbo.deliveries AS d ON d.message_seq = m.seq AND d.subscription_id = @subscriptionId
WHERE m.id = CONVERT(binary(16), @id) AND d.state = 3;

-- name: FindNewestMessage
SELECT MAX(seq) FROM dbo.messages;

-- Two small indexes, read to their end: they are in no order that a position could be kept in. The rows themselves are read only for
-- the few that come first.
-- name: ListUndecidedInOrder
SELECT m.seq, m.id, m.producer_id AS ProducerId, m.topic, m.state, m.prepared_at AS PreparedAt, m.check_back_at AS CheckBackAt,
       m.check_back_token AS CheckBackToken, m.check_backs AS CheckBacks
FROM dbo.messages AS m
WHERE m.seq IN (SELECT TOP (@limit) u.seq
                FROM (SELECT p.seq FROM dbo.messages AS p
                      WHERE p.state = 0 AND @prepared = 1 AND p.producer_id >= @producerFrom AND p.producer_id <= @producerTo
                        AND p.prepared_at <= @preparedBefore AND p.seq > @after AND p.seq <= @upTo
                      UNION ALL
                      SELECT p.seq FROM dbo.messages AS p
                      WHERE p.state = 1 AND @parked = 1 AND p.producer_id >= @producerFrom AND p.producer_id <= @producerTo
                        AND p.prepared_at <= @preparedBefore AND p.seq > @after AND p.seq <= @upTo) AS u
                ORDER BY u.seq)
ORDER BY m.seq
OPTION (RECOMPILE);
