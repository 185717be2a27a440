-- Dead letters: look, redeliver, discard.

-- The first few of each subscription, and of those the first: the index goes by subscription.
-- name: ListDeadLetters
SELECT TOP (@limit) d.id, m.id AS MessageId, m.producer_id AS ProducerId, d.subscription_id AS SubscriptionId, m.topic, m.[key], m.tag, d.attempts,
       d.last_status AS LastStatus, d.last_error AS LastError, d.finished_at AS FinishedAt
FROM dbo.deliveries AS d JOIN dbo.messages AS m ON m.seq = d.message_seq
WHERE d.state = 3
  AND d.id IN (SELECT TOP (@limit) x.id
               FROM dbo.subscriptions AS s
                    CROSS APPLY (SELECT TOP (@limit) y.id FROM dbo.deliveries AS y WHERE y.state = 3 AND y.subscription_id = s.id AND y.id > @after ORDER BY y.id) AS x
               WHERE s.state IN (0, 1)
               ORDER BY x.id)
ORDER BY d.id;

-- name: ListDeadLettersOfSubscription
SELECT TOP (@limit) d.id, m.id AS MessageId, m.producer_id AS ProducerId, d.subscription_id AS SubscriptionId, m.topic, m.[key], m.tag, d.attempts,
       d.last_status AS LastStatus, d.last_error AS LastError, d.finished_at AS FinishedAt
FROM dbo.deliveries AS d JOIN dbo.messages AS m ON m.seq = d.message_seq
WHERE d.state = 3 AND d.subscription_id = @subscriptionId AND d.id > @after
ORDER BY d.id;

-- name: ListNewestDeadLetters
SELECT TOP (@limit) id, message_seq AS MessageSeq, last_status AS LastStatus, last_error AS LastError, finished_at AS FinishedAt
FROM dbo.deliveries
WHERE state = 3 AND subscription_id = @subscriptionId
ORDER BY id DESC
OPTION (RECOMPILE);

-- name: ListMessageIds
SELECT seq, id FROM dbo.messages WHERE seq IN @seqs;

-- name: FindNewestDeadLetter
SELECT MAX(id) FROM dbo.deliveries WHERE state = 3 AND subscription_id = @subscriptionId;

-- name: FindDeadLettersByMessage
SELECT d.id, d.message_seq, d.ordering_key
FROM @rows AS r JOIN dbo.messages AS m ON m.id = r.message_id
     JOIN dbo.deliveries AS d ON d.message_seq = m.seq AND d.subscription_id = r.subscription_id
WHERE d.state = 3
OPTION (LOOP JOIN);

-- By delivery. For a bulk action only those that have not been dead letters anew since it was asked for.
-- name: FindDeadLettersById
SELECT d.id, d.message_seq, d.ordering_key
FROM @rows AS r JOIN dbo.deliveries AS d ON d.id = r.id
WHERE d.state = 3 AND d.subscription_id = r.subscription_id AND d.finished_at <= r.dead_before
OPTION (LOOP JOIN);

-- What another node was quicker with is not returned.
-- name: RedeliverDeadLetters
UPDATE dbo.deliveries
SET state = 0, due_at = r.due_at, schedule_start = deliveries.attempts, finished_at = NULL
OUTPUT inserted.id
FROM @rows AS r, dbo.deliveries WITH (ROWLOCK, FORCESEEK)
WHERE deliveries.id = r.id AND deliveries.state = 3
OPTION (LOOP JOIN, FORCE ORDER);

-- name: DiscardDeadLetters
UPDATE dbo.deliveries
SET state = 4, due_at = r.now, finished_at = r.now
OUTPUT inserted.id
FROM @rows AS r, dbo.deliveries WITH (ROWLOCK, FORCESEEK)
WHERE deliveries.id = r.id AND deliveries.state = 3
OPTION (LOOP JOIN, FORCE ORDER);

-- name: AddOperatorActionsOnDeliveries
INSERT INTO dbo.operator_actions (at, actor, action, message_seq, subscription_id, reason)
SELECT r.at, r.actor, r.action, r.message_seq, r.subscription_id, r.reason FROM @rows AS r;

-- Nobody purges a message while it is sent again.
-- name: LockMessageForRedelivery
UPDATE dbo.messages
SET state = messages.state
FROM @rows AS r, dbo.messages WITH (ROWLOCK, FORCESEEK)
WHERE messages.id = r.message_id AND messages.state = 2
OPTION (LOOP JOIN, FORCE ORDER);

-- name: FindDeliveryForRedelivery
SELECT m.seq, m.state, d.id, d.state, d.ordering_key
FROM @rows AS r JOIN dbo.messages AS m ON m.id = r.message_id
     LEFT JOIN dbo.deliveries AS d ON d.message_seq = m.seq AND d.subscription_id = r.subscription_id
OPTION (LOOP JOIN);

-- A success stands in its delivery, whose next attempt is about to take its place.
-- name: KeepSuccessfulAttempts
INSERT INTO dbo.delivery_attempts (delivery_id, attempt, at, endpoint, outcome, status, latency_ms)
SELECT d.id, d.attempts, d.last_attempt_at, s.endpoint, N'delivered', d.last_status, COALESCE(d.last_latency_ms, 0)
FROM @rows AS r JOIN dbo.deliveries AS d ON d.id = r.id AND d.state = r.state JOIN dbo.subscriptions AS s ON s.id = d.subscription_id
WHERE d.state = 2 AND d.last_attempt_at IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM dbo.delivery_attempts AS a WHERE a.delivery_id = d.id AND a.attempt = d.attempts)
OPTION (LOOP JOIN);

-- name: RedeliverDeliveries
UPDATE dbo.deliveries
SET state = 0, due_at = r.due_at, schedule_start = deliveries.attempts, finished_at = NULL
FROM @rows AS r, dbo.deliveries WITH (ROWLOCK, FORCESEEK)
WHERE deliveries.id = r.id AND deliveries.state = r.state AND deliveries.state IN (2, 3, 4)
OPTION (LOOP JOIN, FORCE ORDER);

-- What waits to be tried again. Among it may be what waits for its turn in a lane.
-- name: FindNewestRetry
SELECT MAX(id) FROM dbo.deliveries WITH (INDEX (ix_deliveries_retried)) WHERE state = 0 AND attempts > 0 AND subscription_id = @subscriptionId;

-- name: CountRetries
SELECT COUNT(*)
FROM dbo.deliveries WITH (INDEX (ix_deliveries_retried))
WHERE state = 0 AND attempts > 0 AND subscription_id = @subscriptionId AND due_at > @now AND due_at < 253402300799999;

-- name: ListRetriesInOrder
SELECT TOP (@limit) id
FROM dbo.deliveries WITH (INDEX (ix_deliveries_retried))
WHERE state = 0 AND attempts > 0 AND subscription_id = @subscriptionId AND id > @after AND id <= @upTo
ORDER BY id
OPTION (RECOMPILE);

-- Neither what waits for its turn in a lane (its due time is the end of time) nor what has not been tried: that waits for the producer's delay.
-- name: MakeRetriesDue
UPDATE dbo.deliveries
SET due_at = r.due_at
OUTPUT inserted.id, inserted.message_seq
FROM @rows AS r, dbo.deliveries WITH (ROWLOCK, FORCESEEK)
WHERE deliveries.id = r.id AND deliveries.state = 0 AND deliveries.attempts > 0 AND deliveries.due_at > r.now
  AND deliveries.due_at < 253402300799999
OPTION (LOOP JOIN, FORCE ORDER);
