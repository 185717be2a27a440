-- The purge: what is finished and old, a small batch at a time (lists of at most 100: no set type needed).

-- READPAST: what another purge holds is gone soon.
-- name: FindPurgeableRolledBackMessages
SELECT TOP (@limit) seq FROM dbo.messages WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK, UPDLOCK) WHERE state = 3 AND decided_at < @before ORDER BY decided_at;

-- What arrived long enough ago, by the time of its arrival and not by seq: a message from when the clock was ahead stands behind the
-- others, and none that is too young is looked at. Purgeable: committed long enough ago, nothing of it in play or dead, and its last
-- delivery finished long enough ago. FORCESEEK, because a plan made while the table was small must not sort all of it when it is large.
-- name: ListPurgeCandidates
SELECT TOP (@limit) m.seq, m.prepared_at AS PreparedAt,
       CASE WHEN m.state = 2 AND m.decided_at < @before
                 AND NOT EXISTS (SELECT 1 FROM dbo.deliveries AS d
                                 WHERE d.message_seq = m.seq AND (d.state IN (0, 1, 3) OR d.finished_at >= @before))
            THEN 1 ELSE 0 END AS IsPurgeable
FROM dbo.messages AS m WITH (FORCESEEK)
WHERE m.prepared_at < @before AND m.prepared_at >= @afterTime AND (m.prepared_at > @afterTime OR m.seq > @afterSeq)
ORDER BY m.prepared_at, m.seq;

-- name: CountFinishedDeliveriesOfMessages
SELECT COALESCE(SUM(CASE WHEN state = 2 THEN 1 ELSE 0 END), 0) AS Delivered, COALESCE(SUM(CASE WHEN state = 4 THEN 1 ELSE 0 END), 0) AS Discarded
FROM dbo.deliveries WHERE message_seq IN @seqs;

-- What has been sent again since it was found stays. The rows as they are and not as they were when the statement began: a redelivery
-- holds the message while it changes the delivery.
-- name: DeleteMessages
DELETE FROM dbo.messages
WHERE seq IN @seqs AND state IN (2, 3)
  AND NOT EXISTS (SELECT 1 FROM dbo.deliveries AS d WITH (READCOMMITTEDLOCK) WHERE d.message_seq = messages.seq AND d.state IN (0, 1, 3))
OPTION (LOOP JOIN);

-- name: ListMessagesLeft
SELECT seq FROM dbo.messages WHERE seq IN @seqs;

-- name: DeleteMessageContents
DELETE FROM dbo.message_contents WHERE message_seq IN @seqs;

-- name: DeleteAttemptsOfMessages
DELETE FROM dbo.delivery_attempts WHERE delivery_id IN (SELECT d.id FROM dbo.deliveries AS d WHERE d.message_seq IN @seqs) OPTION (LOOP JOIN);

-- name: DeleteDeliveriesOfMessages
DELETE FROM dbo.deliveries WHERE message_seq IN @seqs;

-- name: DeleteCheckBacksOfMessages
DELETE FROM dbo.check_backs WHERE message_seq IN @seqs;

-- name: DeleteOperatorActionsOfMessages
DELETE FROM dbo.operator_actions WHERE message_seq IN @seqs;

-- name: FindExpiredDeadLetters
SELECT TOP (@limit) id FROM dbo.deliveries WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK, UPDLOCK) WHERE state = 3 AND finished_at < @before ORDER BY finished_at;

-- Each half on the index of its state, from the deleted subscriptions to their rows: pending rows of the others must not be locked.
-- name: FindDeliveriesOfDeletedSubscriptions
SELECT TOP (@limit) o.id
FROM (SELECT d.id FROM dbo.subscriptions AS s JOIN dbo.deliveries AS d WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK, UPDLOCK, FORCESEEK) ON d.subscription_id = s.id
      WHERE s.state = 2 AND d.state = 0
      UNION ALL
      SELECT d.id FROM dbo.subscriptions AS s JOIN dbo.deliveries AS d WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK, UPDLOCK, FORCESEEK) ON d.subscription_id = s.id
      WHERE s.state = 2 AND d.state = 3) AS o
OPTION (LOOP JOIN, FORCE ORDER);

-- A lane goes when the last of its deliveries is finished, and what is discarded here finishes none: the lanes of a deleted
-- subscription would stay. One with a delivery under way goes next time.
-- name: DeleteLanesOfDeletedSubscriptions
DELETE TOP (@limit) FROM dbo.ordering_lanes WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
WHERE subscription_id IN (SELECT s.id FROM dbo.subscriptions AS s WHERE s.state = 2)
  AND NOT EXISTS (SELECT 1 FROM dbo.deliveries AS d
                  WHERE d.subscription_id = ordering_lanes.subscription_id AND d.ordering_key = ordering_lanes.ordering_key
                    AND d.ordering_key IS NOT NULL AND d.state IN (0, 1));

-- name: DiscardDeliveries
UPDATE dbo.deliveries WITH (ROWLOCK) SET state = 4, finished_at = @now WHERE id IN @ids AND state IN (0, 3);

-- As AddToCounter, for one.
-- name: AddToCounterByName
INSERT INTO dbo.counters (shard, name, value)
SELECT @@SPID % 64, @name, 0
WHERE NOT EXISTS (SELECT 1 FROM dbo.counters AS c WHERE c.shard = @@SPID % 64 AND c.name = @name);
UPDATE dbo.counters WITH (ROWLOCK) SET value = value + @delta WHERE shard = @@SPID % 64 AND name = @name;

-- Every node is reminded at the same time; the first does it for all. What is later than anyone can have written (@latest) was written
-- before the clock was set back, and counts for nothing. The token: a write whose commit got no answer runs again.
-- name: AcquireSweep
UPDATE dbo.sweep_leases WITH (ROWLOCK) SET lease_token = @token, lease_until = @until, begun_at = @now
WHERE name = @name
  AND (((lease_until <= @now OR lease_until > @latest) AND (begun_at <= @notSince OR begun_at > @latest)) OR lease_token = @token);

-- name: RenewSweep
UPDATE dbo.sweep_leases WITH (ROWLOCK) SET lease_until = @until WHERE name = @name AND lease_token = @token;

-- name: ReleaseSweep
UPDATE dbo.sweep_leases WITH (ROWLOCK) SET lease_token = NULL, lease_until = 0 WHERE name = @name AND lease_token = @token;

-- At the start of the only node of a store: nobody is at it.
-- name: ReleaseAllSweeps
UPDATE dbo.sweep_leases SET lease_token = NULL, lease_until = 0 WHERE lease_until > 0;
