-- Stats: read every few seconds, whatever history there is. Each statement stays on the indexes of what is in play.

-- Counted and compared in one go: MIN alone would walk the index of all messages by time, past all that are finished.
-- name: ReadUndecided
SELECT COUNT_BIG(*) AS Prepared, MIN(prepared_at) AS OldestPreparedAt, (SELECT COUNT_BIG(*) FROM dbo.messages WHERE state = 1) AS Parked,
       (SELECT MIN(parked_at) FROM dbo.messages WHERE state = 1) AS OldestParkedAt
FROM dbo.messages
WHERE state = 0;

-- When the oldest pending delivery of each subscription could first have been sent: among those that were tried, by id, and the row that is
-- due first. Not by the lowest ids of all: messages with a delay of days would hide everything behind them. The indexes are named, because for
-- the first few by id a plan may walk through history in their order. RECOMPILE keeps a database that parameterizes every literal (forced)
-- from doing it here: with a parameter for the state the index could not be used, and the statement would have no plan.
-- What was redelivered waits since it was due anew: not since its message was committed, perhaps days ago.
-- name: ListOldestPendingDeliveries
SELECT s.id AS SubscriptionId,
       (SELECT MIN(CASE WHEN d.schedule_start > 0 THEN d.due_at ELSE m.decided_at + m.delay_ms END)
        FROM dbo.deliveries AS d JOIN dbo.messages AS m ON m.seq = d.message_seq
        WHERE d.id IN (SELECT p.id FROM (SELECT TOP (10) id FROM dbo.deliveries WITH (INDEX (ix_deliveries_retried))
                                         WHERE state = 0 AND attempts > 0 AND subscription_id = s.id ORDER BY id) AS p
                       UNION ALL
                       SELECT q.id FROM (SELECT TOP (1) id FROM dbo.deliveries WITH (INDEX (ix_deliveries_pending))
                                         WHERE state = 0 AND subscription_id = s.id ORDER BY due_at) AS q)) AS OldestAt
FROM dbo.subscriptions AS s
WHERE s.state IN (0, 1)
OPTION (RECOMPILE);

-- name: CountAlerts
SELECT kind AS Name, COUNT_BIG(*) AS Value FROM dbo.alerts WHERE cleared_at IS NULL GROUP BY kind;

-- Whose time ReadUndecided has found: by the time, so that no other row is looked at.
-- name: FindHalfMessageOfTime
SELECT TOP (1) m.id, m.topic, m.prepared_at AS PreparedAt, p.name AS Producer
FROM dbo.messages AS m JOIN dbo.producers AS p ON p.id = m.producer_id
WHERE m.prepared_at = @at AND m.state = 0;
