-- The purge: what is finished and old, a small batch at a time.

-- name: FindPurgeableRolledBackMessages
SELECT seq FROM messages WHERE state = 3 AND decided_at < @before ORDER BY decided_at LIMIT @limit;

-- What arrived long enough ago, by the time of its arrival and not by seq: a message from when the clock was ahead stands behind the
-- others, and none that is too young is looked at. Purgeable: committed long enough ago, nothing of it in play or dead, and its last
-- delivery finished long enough ago.
-- name: ListPurgeCandidates
SELECT m.seq, m.prepared_at AS PreparedAt,
       CASE WHEN m.state = 2 AND m.decided_at < @before
                 AND NOT EXISTS (SELECT 1 FROM deliveries d
                                 WHERE d.message_seq = m.seq AND (d.state IN (0, 1, 3) OR d.finished_at >= @before))
            THEN 1 ELSE 0 END AS IsPurgeable
FROM messages m
WHERE m.prepared_at < @before AND m.prepared_at >= @afterTime AND (m.prepared_at > @afterTime OR m.seq > @afterSeq)
ORDER BY m.prepared_at, m.seq
LIMIT @limit;

-- name: CountFinishedDeliveriesOfMessages
SELECT COALESCE(SUM(CASE WHEN state = 2 THEN 1 ELSE 0 END), 0) AS Delivered, COALESCE(SUM(CASE WHEN state = 4 THEN 1 ELSE 0 END), 0) AS Discarded
FROM deliveries WHERE message_seq IN @seqs;

-- What has been sent again since it was found stays.
-- name: DeleteMessages
DELETE FROM messages
WHERE seq IN @seqs AND state IN (2, 3)
  AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.message_seq = messages.seq AND d.state IN (0, 1, 3));

-- name: ListMessagesLeft
SELECT seq FROM messages WHERE seq IN @seqs;

-- name: DeleteMessageContents
DELETE FROM message_contents WHERE message_seq IN @seqs;

-- name: DeleteAttemptsOfMessages
DELETE FROM delivery_attempts WHERE delivery_id IN (SELECT d.id FROM deliveries d WHERE d.message_seq IN @seqs);

-- name: DeleteDeliveriesOfMessages
DELETE FROM deliveries WHERE message_seq IN @seqs;

-- name: DeleteCheckBacksOfMessages
DELETE FROM check_backs WHERE message_seq IN @seqs;

-- name: DeleteOperatorActionsOfMessages
DELETE FROM operator_actions WHERE message_seq IN @seqs;

-- name: FindExpiredDeadLetters
SELECT id FROM deliveries WHERE state = 3 AND finished_at < @before ORDER BY finished_at LIMIT @limit;

-- Each half on the index of its state.
-- name: FindDeliveriesOfDeletedSubscriptions
SELECT d.id FROM subscriptions s JOIN deliveries d ON d.subscription_id = s.id WHERE s.state = 2 AND d.state = 0
UNION ALL
SELECT d.id FROM subscriptions s JOIN deliveries d ON d.subscription_id = s.id WHERE s.state = 2 AND d.state = 3
LIMIT @limit;

-- A lane goes when the last of its deliveries is finished, and what is discarded here finishes none: the lanes of a deleted
-- subscription would stay. One with a delivery under way goes next time.
-- name: DeleteLanesOfDeletedSubscriptions
DELETE FROM ordering_lanes
WHERE (subscription_id, ordering_key) IN
      (SELECT l.subscription_id, l.ordering_key FROM subscriptions s JOIN ordering_lanes l ON l.subscription_id = s.id
       WHERE s.state = 2
         AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.subscription_id = l.subscription_id AND d.ordering_key = l.ordering_key AND d.state IN (0, 1))
       LIMIT @limit);

-- name: DiscardDeliveries
UPDATE deliveries SET state = 4, finished_at = @now WHERE id IN @ids AND state IN (0, 3);

-- name: AddToCounterByName
INSERT INTO counters (shard, name, value) VALUES (0, @name, @delta)
ON CONFLICT (shard, name) DO UPDATE SET value = value + excluded.value;

-- Every node is reminded at the same time; the first does it for all. What is later than anyone can have written (@latest) was written
-- before the clock was set back, and counts for nothing. The token: a write whose commit got no answer runs again.
-- name: AcquireSweep
UPDATE sweep_leases SET lease_token = @token, lease_until = @until, begun_at = @now
WHERE name = @name
  AND (((lease_until <= @now OR lease_until > @latest) AND (begun_at <= @notSince OR begun_at > @latest)) OR lease_token = @token);

-- name: RenewSweep
UPDATE sweep_leases SET lease_until = @until WHERE name = @name AND lease_token = @token;

-- name: ReleaseSweep
UPDATE sweep_leases SET lease_token = NULL, lease_until = 0 WHERE name = @name AND lease_token = @token;

-- At the start of the only node of a store: nobody is at it.
-- name: ReleaseAllSweeps
UPDATE sweep_leases SET lease_token = NULL, lease_until = 0 WHERE lease_until > 0;
