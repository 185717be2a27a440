-- Deliveries: fan-out, leases, results, ordering lanes.

-- name: InsertDeliveries
INSERT INTO deliveries (message_seq, subscription_id, ordering_key, state, due_at, lease_token)
VALUES (@message_seq, @subscription_id, @ordering_key, @state, @due_at, @lease_token);
SELECT last_insert_rowid(), @message_seq, @subscription_id;

-- A lease that has ended is its holder's as long as nobody else has taken the delivery (state 0 with a token): what was done counts.
-- name: MarkDeliveriesDelivered
UPDATE deliveries
SET state = 2, due_at = @finished_at, lease_token = NULL, attempts = @attempts, last_status = @last_status, last_error = NULL,
    last_latency_ms = @last_latency_ms, last_attempt_at = @last_attempt_at, finished_at = @finished_at
WHERE id = @id AND state IN (0, 1) AND lease_token = @lease_token;

-- name: MarkDeliveriesFailed
UPDATE deliveries
SET state = @state, due_at = @due_at, lease_token = NULL, attempts = @attempts, last_status = @last_status, last_error = @last_error,
    last_latency_ms = @last_latency_ms, last_attempt_at = @last_attempt_at, finished_at = @finished_at
WHERE id = @id AND state IN (0, 1) AND lease_token = @lease_token;

-- name: InsertDeliveryAttempts
INSERT INTO delivery_attempts (delivery_id, attempt, at, endpoint, outcome, status, latency_ms, error)
VALUES (@delivery_id, @attempt, @at, @endpoint, @outcome, @status, @latency_ms, @error)
ON CONFLICT (delivery_id, attempt) DO NOTHING;

-- name: ReleaseDeliveries
UPDATE deliveries SET state = 0, due_at = @due_at, lease_token = NULL WHERE id = @id AND state = 1 AND lease_token = @lease_token;

-- name: RenewLeases
UPDATE deliveries SET state = 1, due_at = @leased_until WHERE id = @id AND state IN (0, 1) AND lease_token = @lease_token RETURNING id;

-- name: ListSubscriptionsWithDueDeliveries
SELECT s.id FROM subscriptions s
WHERE s.state = 0 AND EXISTS (SELECT 1 FROM deliveries d WHERE d.subscription_id = s.id AND d.state = 0 AND d.due_at <= @now);

-- name: ClaimDueDeliveries
UPDATE deliveries
SET state = 1, due_at = @leased_until, lease_token = @lease_token
WHERE id IN (SELECT id FROM deliveries WHERE subscription_id = @subscription_id AND state = 0 AND due_at <= @now ORDER BY due_at LIMIT @limit)
  AND state = 0;

-- A claim's rows by its token; they share the due time, which the index of leased deliveries begins with.
-- name: ListClaimedDeliveries
SELECT d.id, d.message_seq AS MessageSeq, d.subscription_id AS SubscriptionId, d.ordering_key AS LaneKey, d.attempts,
       d.schedule_start AS ScheduleStart, m.id AS MessageId, m.producer_id AS ProducerId, m.topic, m.key, m.tag,
       m.ordering_key AS OrderingKey, m.trace_parent AS TraceParent, m.decided_at AS CommittedAt
FROM deliveries d JOIN messages m ON m.seq = d.message_seq
WHERE d.state = 1 AND d.due_at = @leasedUntil AND d.lease_token = @token
ORDER BY d.id;

-- The token stays until somebody takes the delivery: whoever held it and is only late may still say what came of it.
-- name: ReleaseExpiredLeases
UPDATE deliveries
SET state = 0, due_at = @now
WHERE id IN (SELECT id FROM deliveries WHERE state = 1 AND due_at <= @now ORDER BY due_at LIMIT @limit) AND state = 1;

-- At the start of the only node of a store: nobody holds anything.
-- name: ReleaseAllLeases
UPDATE deliveries SET state = 0, due_at = @now, lease_token = NULL WHERE state = 1;

-- name: TouchOrderingLanes
INSERT INTO ordering_lanes (subscription_id, ordering_key, head_delivery_id, touched) VALUES (@subscription_id, @ordering_key, NULL, @now)
ON CONFLICT (subscription_id, ordering_key) DO UPDATE SET touched = excluded.touched
RETURNING subscription_id, ordering_key, head_delivery_id;

-- name: SetOrderingHeads
UPDATE ordering_lanes SET head_delivery_id = @head_delivery_id WHERE subscription_id = @subscription_id AND ordering_key = @ordering_key;

-- A head that is still in play stays: an older delivery that comes back (redelivered) waits until it is finished.
-- name: AdvanceOrderingLanes
UPDATE ordering_lanes
SET head_delivery_id = (SELECT MIN(d.id) FROM deliveries d
                        WHERE d.subscription_id = @subscription_id AND d.ordering_key = @ordering_key AND d.state IN (0, 1))
WHERE subscription_id = @subscription_id AND ordering_key = @ordering_key
  AND NOT EXISTS (SELECT 1 FROM deliveries h WHERE h.id = ordering_lanes.head_delivery_id AND h.state IN (0, 1));

-- name: PromoteOrderingHeads
UPDATE deliveries
SET due_at = MAX(@now, (SELECT m.decided_at + m.delay_ms FROM messages m WHERE m.seq = deliveries.message_seq))
WHERE id = (SELECT l.head_delivery_id FROM ordering_lanes l WHERE l.subscription_id = @subscription_id AND l.ordering_key = @ordering_key)
  AND state = 0 AND due_at = 253402300799999;

-- To the node that finished the head before, if the head is due. A transaction whose commit got no answer runs again, and finds what it leased.
-- name: LeaseOrderingHeads
UPDATE deliveries
SET state = 1, due_at = @leased_until, lease_token = @lease_token
WHERE id = (SELECT l.head_delivery_id FROM ordering_lanes l WHERE l.subscription_id = @subscription_id AND l.ordering_key = @ordering_key)
  AND ((state = 0 AND due_at <= @now) OR (state = 1 AND lease_token = @lease_token));

-- name: ListLeasedHeads
SELECT d.lease_token, d.id, d.message_seq, d.attempts, d.schedule_start, m.id, m.producer_id, m.topic, m.key, m.tag, m.ordering_key, m.trace_parent, m.decided_at
FROM ordering_lanes l JOIN deliveries d ON d.id = l.head_delivery_id JOIN messages m ON m.seq = d.message_seq
WHERE l.subscription_id = @subscription_id AND l.ordering_key = @ordering_key AND d.state = 1 AND d.lease_token = @lease_token;

-- name: DropEmptyOrderingLanes
DELETE FROM ordering_lanes WHERE subscription_id = @subscription_id AND ordering_key = @ordering_key AND head_delivery_id IS NULL;

-- name: CountExpiredLeases
SELECT COUNT(*) FROM (SELECT 1 FROM deliveries WHERE state = 1 AND due_at <= @now LIMIT @limit);
