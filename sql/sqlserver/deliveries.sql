-- Deliveries: fan-out, leases, results, ordering lanes.

-- Identity values follow ORDER BY: the rows of a set get ids in its order, which is the order within an ordering key. OUTPUT
-- would not promise that, so the ids are read after it.
-- name: InsertDeliveries
INSERT INTO dbo.deliveries (message_seq, subscription_id, ordering_key, state, due_at, lease_token)
SELECT r.message_seq, r.subscription_id, r.ordering_key, r.state, r.due_at, r.lease_token
FROM @rows AS r
ORDER BY r.ordinal;
SELECT d.id, d.message_seq, d.subscription_id
FROM @rows AS r JOIN dbo.deliveries AS d ON d.message_seq = r.message_seq AND d.subscription_id = r.subscription_id
OPTION (LOOP JOIN);

-- FORCE ORDER and FORCESEEK here and below: from the set to its rows by their key, whatever the statistics say. A plan that began with
-- a filtered index, small as it may have been when it was made, would lock rows of other nodes.
-- A lease that has ended is its holder's as long as nobody else has taken the delivery (state 0 with a token): what was done counts.
-- name: MarkDeliveriesDelivered
UPDATE dbo.deliveries
SET state = 2, due_at = r.finished_at, lease_token = NULL, attempts = r.attempts, last_status = r.last_status, last_error = NULL,
    last_latency_ms = r.last_latency_ms, last_attempt_at = r.last_attempt_at, finished_at = r.finished_at
FROM @rows AS r, dbo.deliveries WITH (ROWLOCK, FORCESEEK)
WHERE deliveries.id = r.id AND deliveries.state IN (0, 1) AND deliveries.lease_token = r.lease_token
OPTION (LOOP JOIN, FORCE ORDER);

-- name: MarkDeliveriesFailed
UPDATE dbo.deliveries
SET state = r.state, due_at = r.due_at, lease_token = NULL, attempts = r.attempts, last_status = r.last_status, last_error = r.last_error,
    last_latency_ms = r.last_latency_ms, last_attempt_at = r.last_attempt_at, finished_at = r.finished_at
FROM @rows AS r, dbo.deliveries WITH (ROWLOCK, FORCESEEK)
WHERE deliveries.id = r.id AND deliveries.state IN (0, 1) AND deliveries.lease_token = r.lease_token
OPTION (LOOP JOIN, FORCE ORDER);

-- The first of a number stays; a set holds each number once.
-- name: InsertDeliveryAttempts
INSERT INTO dbo.delivery_attempts (delivery_id, attempt, at, endpoint, outcome, status, latency_ms, error)
SELECT r.delivery_id, r.attempt, r.at, r.endpoint, r.outcome, r.status, r.latency_ms, r.error
FROM @rows AS r
WHERE NOT EXISTS (SELECT 1 FROM dbo.delivery_attempts AS a WHERE a.delivery_id = r.delivery_id AND a.attempt = r.attempt)
OPTION (LOOP JOIN);

-- name: ReleaseDeliveries
UPDATE dbo.deliveries
SET state = 0, due_at = r.due_at, lease_token = NULL
FROM @rows AS r, dbo.deliveries WITH (ROWLOCK, FORCESEEK)
WHERE deliveries.id = r.id AND deliveries.state = 1 AND deliveries.lease_token = r.lease_token
OPTION (LOOP JOIN, FORCE ORDER);

-- name: RenewLeases
UPDATE dbo.deliveries
SET state = 1, due_at = r.leased_until
OUTPUT inserted.id
FROM @rows AS r, dbo.deliveries WITH (ROWLOCK, FORCESEEK)
WHERE deliveries.id = r.id AND deliveries.state IN (0, 1) AND deliveries.lease_token = r.lease_token
OPTION (LOOP JOIN, FORCE ORDER);

-- What another transaction holds is passed over: a node that stands still in the middle of one must not stop this one's dispatching,
-- which also renews its leases. The next look finds it.
-- name: ListSubscriptionsWithDueDeliveries
SELECT s.id FROM dbo.subscriptions AS s WITH (READPAST, READCOMMITTEDLOCK)
WHERE s.state = 0
  AND EXISTS (SELECT 1 FROM dbo.deliveries AS d WITH (READPAST, READCOMMITTEDLOCK) WHERE d.subscription_id = s.id AND d.state = 0 AND d.due_at <= @now);

-- One claim at a time. READPAST leaves what another node is claiming to it; what it leaves out is due still.
-- name: ClaimDueDeliveries
DECLARE @subscription_id bigint, @limit int, @now bigint, @leased_until bigint, @lease_token bigint;
SELECT @subscription_id = r.subscription_id, @limit = r.limit, @now = r.now, @leased_until = r.leased_until, @lease_token = r.lease_token
FROM @rows AS r;
UPDATE TOP (@limit) dbo.deliveries WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK, UPDLOCK)
SET state = 1, due_at = @leased_until, lease_token = @lease_token
WHERE subscription_id = @subscription_id AND state = 0 AND due_at <= @now;

-- A claim's rows by its token; they share the due time, which the index of leased deliveries begins with.
-- name: ListClaimedDeliveries
SELECT d.id, d.message_seq AS MessageSeq, d.subscription_id AS SubscriptionId, d.ordering_key AS LaneKey, d.attempts,
       d.schedule_start AS ScheduleStart, m.id AS MessageId, m.producer_id AS ProducerId, m.topic, m.[key], m.tag,
       m.ordering_key AS OrderingKey, m.trace_parent AS TraceParent, m.decided_at AS CommittedAt
FROM dbo.deliveries AS d JOIN dbo.messages AS m ON m.seq = d.message_seq
WHERE d.state = 1 AND d.due_at = @leasedUntil AND d.lease_token = @token
ORDER BY d.id;

-- The token stays until somebody takes the delivery: whoever held it and is only late may still say what came of it. What another
-- transaction is just finishing is passed over: the next sweep looks again.
-- name: ReleaseExpiredLeases
UPDATE TOP (@limit) dbo.deliveries WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK, UPDLOCK)
SET state = 0, due_at = @now
WHERE state = 1 AND due_at <= @now;

-- At the start of the only node of a store: nobody holds anything.
-- name: ReleaseAllLeases
UPDATE dbo.deliveries SET state = 0, due_at = @now, lease_token = NULL WHERE state = 1;

-- First the rows that are missing, then the update that locks and returns all: the other way round a lane that another node
-- makes in between would be neither updated nor inserted, and have two heads. UPDLOCK waits for who is making or dropping the lane,
-- and keeps one that is there from being dropped. No range lock: on a key that is absent it holds the gap, and unrelated keys wait for
-- each other. Two that make the same lane at once: the key refuses one of them, and the committer runs its transaction again. Where
-- hints are ignored a lane may be dropped between the two statements: the caller runs this again for what did not come back.
-- name: TouchOrderingLanes
INSERT INTO dbo.ordering_lanes (subscription_id, ordering_key, head_delivery_id, touched)
SELECT r.subscription_id, r.ordering_key, NULL, r.now
FROM @rows AS r
WHERE NOT EXISTS (SELECT 1 FROM dbo.ordering_lanes AS l WITH (UPDLOCK)
                  WHERE l.subscription_id = r.subscription_id AND l.ordering_key = r.ordering_key)
OPTION (LOOP JOIN);
UPDATE dbo.ordering_lanes
SET touched = r.now
OUTPUT inserted.subscription_id, inserted.ordering_key, inserted.head_delivery_id
FROM @rows AS r, dbo.ordering_lanes WITH (ROWLOCK, FORCESEEK)
WHERE ordering_lanes.subscription_id = r.subscription_id AND ordering_lanes.ordering_key = r.ordering_key
OPTION (LOOP JOIN, FORCE ORDER);

-- name: SetOrderingHeads
UPDATE dbo.ordering_lanes
SET head_delivery_id = r.head_delivery_id
FROM @rows AS r, dbo.ordering_lanes WITH (ROWLOCK, FORCESEEK)
WHERE ordering_lanes.subscription_id = r.subscription_id AND ordering_lanes.ordering_key = r.ordering_key
OPTION (LOOP JOIN, FORCE ORDER);

-- A head that is still in play stays: an older delivery that comes back (redelivered) waits until it is finished.
-- name: AdvanceOrderingLanes
UPDATE dbo.ordering_lanes
SET head_delivery_id = (SELECT MIN(d.id) FROM dbo.deliveries AS d
                        WHERE d.subscription_id = r.subscription_id AND d.ordering_key = r.ordering_key
                          AND d.ordering_key IS NOT NULL AND d.state IN (0, 1))
FROM @rows AS r, dbo.ordering_lanes WITH (ROWLOCK, FORCESEEK)
WHERE ordering_lanes.subscription_id = r.subscription_id AND ordering_lanes.ordering_key = r.ordering_key
  AND NOT EXISTS (SELECT 1 FROM dbo.deliveries AS h WHERE h.id = ordering_lanes.head_delivery_id AND h.state IN (0, 1))
OPTION (LOOP JOIN, FORCE ORDER);

-- name: PromoteOrderingHeads
UPDATE dbo.deliveries
SET due_at = (SELECT CASE WHEN m.decided_at + m.delay_ms > r.now THEN m.decided_at + m.delay_ms ELSE r.now END
              FROM dbo.messages AS m WHERE m.seq = deliveries.message_seq)
FROM @rows AS r JOIN dbo.ordering_lanes AS l ON l.subscription_id = r.subscription_id AND l.ordering_key = r.ordering_key,
     dbo.deliveries WITH (ROWLOCK, FORCESEEK)
WHERE deliveries.id = l.head_delivery_id AND deliveries.state = 0 AND deliveries.due_at = 253402300799999
OPTION (LOOP JOIN, FORCE ORDER);

-- To the node that finished the head before, if the head is due. A transaction whose commit got no answer runs again, and finds what it leased.
-- name: LeaseOrderingHeads
UPDATE dbo.deliveries
SET state = 1, due_at = r.leased_until, lease_token = r.lease_token
FROM @rows AS r JOIN dbo.ordering_lanes AS l ON l.subscription_id = r.subscription_id AND l.ordering_key = r.ordering_key,
     dbo.deliveries WITH (ROWLOCK, FORCESEEK)
WHERE deliveries.id = l.head_delivery_id
  AND ((deliveries.state = 0 AND deliveries.due_at <= r.now) OR (deliveries.state = 1 AND deliveries.lease_token = r.lease_token))
OPTION (LOOP JOIN, FORCE ORDER);

-- name: ListLeasedHeads
SELECT d.lease_token, d.id, d.message_seq, d.attempts, d.schedule_start, m.id, m.producer_id, m.topic, m.[key], m.tag, m.ordering_key, m.trace_parent, m.decided_at
FROM @rows AS r JOIN dbo.ordering_lanes AS l ON l.subscription_id = r.subscription_id AND l.ordering_key = r.ordering_key
     JOIN dbo.deliveries AS d ON d.id = l.head_delivery_id JOIN dbo.messages AS m ON m.seq = d.message_seq
WHERE d.state = 1 AND d.lease_token = r.lease_token
OPTION (LOOP JOIN);

-- name: DropEmptyOrderingLanes
DELETE FROM dbo.ordering_lanes
FROM @rows AS r, dbo.ordering_lanes WITH (ROWLOCK, FORCESEEK)
WHERE ordering_lanes.subscription_id = r.subscription_id AND ordering_lanes.ordering_key = r.ordering_key
  AND ordering_lanes.head_delivery_id IS NULL
OPTION (LOOP JOIN, FORCE ORDER);

-- As ReleaseExpiredLeases: what another transaction holds is passed over.
-- name: CountExpiredLeases
SELECT COUNT(*) FROM (SELECT TOP (@limit) 1 AS one FROM dbo.deliveries WITH (READPAST, READCOMMITTEDLOCK) WHERE state = 1 AND due_at <= @now) AS expired;
