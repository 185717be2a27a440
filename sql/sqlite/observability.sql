-- Stats: read every few seconds, whatever history there is. Each statement stays on the indexes of what is in play.

-- Counted and compared in one go: MIN alone would walk the index of all messages by time, past all that are finished.
-- name: ReadUndecided
SELECT COUNT(*) AS Prepared, MIN(prepared_at) AS OldestPreparedAt, (SELECT COUNT(*) FROM messages WHERE state = 1) AS Parked,
       (SELECT MIN(parked_at) FROM messages WHERE state = 1) AS OldestParkedAt
FROM messages
WHERE state = 0;

-- When the oldest pending delivery of each subscription could first have been sent: among those that were tried, by id, and the row that is
-- due first. Not by the lowest ids of all: messages with a delay of days would hide everything behind them.
-- What was redelivered waits since it was due anew: not since its message was committed, perhaps days ago.
-- name: ListOldestPendingDeliveries
SELECT s.id AS SubscriptionId,
       (SELECT MIN(CASE WHEN d.schedule_start > 0 THEN d.due_at ELSE m.decided_at + m.delay_ms END)
        FROM deliveries d JOIN messages m ON m.seq = d.message_seq
        WHERE d.id IN (SELECT p.id FROM (SELECT id FROM deliveries WHERE state = 0 AND attempts > 0 AND subscription_id = s.id ORDER BY id LIMIT 10) p
                       UNION ALL
                       SELECT q.id FROM (SELECT id FROM deliveries WHERE state = 0 AND subscription_id = s.id ORDER BY due_at LIMIT 1) q)) AS OldestAt
FROM subscriptions s
WHERE s.state IN (0, 1);

-- name: CountAlerts
SELECT kind AS Name, COUNT(*) AS Value FROM alerts WHERE cleared_at IS NULL GROUP BY kind;

-- Whose time ReadUndecided has found: by the time, so that no other row is looked at.
-- name: FindHalfMessageOfTime
SELECT m.id, m.topic, m.prepared_at AS PreparedAt, p.name AS Producer
FROM messages m JOIN producers p ON p.id = m.producer_id
WHERE m.prepared_at = @at AND m.state = 0
LIMIT 1;
