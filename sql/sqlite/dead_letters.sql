-- Dead letters: look, redeliver, discard.

-- The first few of each subscription, and of those the first: the index goes by subscription.
-- name: ListDeadLetters
SELECT d.id, m.id AS MessageId, m.producer_id AS ProducerId, d.subscription_id AS SubscriptionId, m.topic, m.key, m.tag, d.attempts,
       d.last_status AS LastStatus, d.last_error AS LastError, d.finished_at AS FinishedAt
FROM deliveries d JOIN messages m ON m.seq = d.message_seq
WHERE d.state = 3
  AND d.id IN (SELECT x.id
               FROM subscriptions s JOIN deliveries x
                 ON x.id IN (SELECT y.id FROM deliveries y WHERE y.state = 3 AND y.subscription_id = s.id AND y.id > @after ORDER BY y.id LIMIT @limit)
               WHERE s.state IN (0, 1)
               ORDER BY x.id
               LIMIT @limit)
ORDER BY d.id
LIMIT @limit;

-- name: ListDeadLettersOfSubscription
SELECT d.id, m.id AS MessageId, m.producer_id AS ProducerId, d.subscription_id AS SubscriptionId, m.topic, m.key, m.tag, d.attempts,
       d.last_status AS LastStatus, d.last_error AS LastError, d.finished_at AS FinishedAt
FROM deliveries d JOIN messages m ON m.seq = d.message_seq
WHERE d.state = 3 AND d.subscription_id = @subscriptionId AND d.id > @after
ORDER BY d.id
LIMIT @limit;

-- name: ListNewestDeadLetters
SELECT id, message_seq AS MessageSeq, last_status AS LastStatus, last_error AS LastError, finished_at AS FinishedAt
FROM deliveries
WHERE state = 3 AND subscription_id = @subscriptionId
ORDER BY id DESC
LIMIT @limit;

-- name: ListMessageIds
SELECT seq, id FROM messages WHERE seq IN @seqs;

-- name: FindNewestDeadLetter
SELECT MAX(id) FROM deliveries WHERE state = 3 AND subscription_id = @subscriptionId;

-- name: FindDeadLettersByMessage
SELECT d.id, d.message_seq, d.ordering_key
FROM messages m JOIN deliveries d ON d.message_seq = m.seq AND d.subscription_id = @subscription_id
WHERE m.id = @message_id AND d.state = 3;

-- By delivery. For a bulk action only those that have not been dead letters anew since it was asked for.
-- name: FindDeadLettersById
SELECT d.id, d.message_seq, d.ordering_key
FROM deliveries d
WHERE d.id = @id AND d.state = 3 AND d.subscription_id = @subscription_id AND d.finished_at <= @dead_before;

-- What another node was quicker with is not returned.
-- name: RedeliverDeadLetters
UPDATE deliveries SET state = 0, due_at = @due_at, schedule_start = attempts, finished_at = NULL WHERE id = @id AND state = 3
RETURNING id;

-- name: DiscardDeadLetters
UPDATE deliveries SET state = 4, due_at = @now, finished_at = @now WHERE id = @id AND state = 3
RETURNING id;

-- name: AddOperatorActionsOnDeliveries
INSERT INTO operator_actions (at, actor, action, message_seq, subscription_id, reason)
VALUES (@at, @actor, @action, @message_seq, @subscription_id, @reason);

-- Nobody purges a message while it is sent again.
-- name: LockMessageForRedelivery
UPDATE messages SET state = state WHERE id = @message_id AND state = 2;

-- name: FindDeliveryForRedelivery
SELECT m.seq, m.state, d.id, d.state, d.ordering_key
FROM messages m LEFT JOIN deliveries d ON d.message_seq = m.seq AND d.subscription_id = @subscription_id
WHERE m.id = @message_id;

-- A success stands in its delivery, whose next attempt is about to take its place.
-- name: KeepSuccessfulAttempts
INSERT INTO delivery_attempts (delivery_id, attempt, at, endpoint, outcome, status, latency_ms)
SELECT d.id, d.attempts, d.last_attempt_at, s.endpoint, 'delivered', d.last_status, COALESCE(d.last_latency_ms, 0)
FROM deliveries d JOIN subscriptions s ON s.id = d.subscription_id
WHERE d.id = @id AND d.state = @state AND d.state = 2 AND d.last_attempt_at IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM delivery_attempts a WHERE a.delivery_id = d.id AND a.attempt = d.attempts);

-- name: RedeliverDeliveries
UPDATE deliveries SET state = 0, due_at = @due_at, schedule_start = attempts, finished_at = NULL
WHERE id = @id AND state = @state AND state IN (2, 3, 4);

-- What waits to be tried again. Among it may be what waits for its turn in a lane.
-- name: FindNewestRetry
SELECT MAX(id) FROM deliveries WHERE state = 0 AND attempts > 0 AND subscription_id = @subscriptionId;

-- name: CountRetries
SELECT COUNT(*)
FROM deliveries
WHERE state = 0 AND attempts > 0 AND subscription_id = @subscriptionId AND due_at > @now AND due_at < 253402300799999;

-- name: ListRetriesInOrder
SELECT id
FROM deliveries
WHERE state = 0 AND attempts > 0 AND subscription_id = @subscriptionId AND id > @after AND id <= @upTo
ORDER BY id
LIMIT @limit;

-- Neither what waits for its turn in a lane (its due time is the end of time) nor what has not been tried: that waits for the producer's delay.
-- name: MakeRetriesDue
UPDATE deliveries SET due_at = @due_at WHERE id = @id AND state = 0 AND attempts > 0 AND due_at > @now AND due_at < 253402300799999
RETURNING id, message_seq;
