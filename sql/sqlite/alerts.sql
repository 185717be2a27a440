-- Alerts: what holds now, read from the indexes of what is in play; and one row for each that is raised.

-- name: CountParkedByProducer
SELECT producer_id AS SubjectId, COUNT(*) AS Count, MIN(parked_at) AS Since FROM messages WHERE state = 1 GROUP BY producer_id;

-- name: CountOldPreparedByProducer
SELECT producer_id AS SubjectId, SUM(CASE WHEN prepared_at <= @before THEN 1 ELSE 0 END) AS Count, MIN(prepared_at) AS Since
FROM messages
WHERE state = 0
GROUP BY producer_id;

-- Its oldest row tells since when: ids are in the order of commits.
-- name: CountDeadBySubscription
SELECT g.subscription_id AS SubjectId, g.total AS Count, d.finished_at AS Since
FROM (SELECT subscription_id, COUNT(*) AS total, MIN(id) AS oldest_id FROM deliveries WHERE state = 3 GROUP BY subscription_id) g
JOIN deliveries d ON d.id = g.oldest_id;

-- name: ListAlerts
SELECT condition AS ConditionKey, kind, subject, detail, raised_at AS RaisedAt, notified_at AS NotifiedAt, cleared_at AS ClearedAt, claimed_until AS ClaimedUntil
FROM alerts
ORDER BY raised_at, condition;

-- Several nodes may see the condition at once: one of them raises it.
-- name: RaiseAlert
INSERT INTO alerts (condition, kind, subject, detail, raised_at) VALUES (@key, @kind, @subject, @detail, @now)
ON CONFLICT (condition) DO NOTHING;

-- name: MarkAlertCleared
UPDATE alerts SET cleared_at = @now WHERE condition = @key AND raised_at = @raisedAt AND cleared_at IS NULL;

-- It holds again before anyone tried to tell the receiver that it had cleared: nothing happened, as far as anyone knows.
-- name: ReopenAlert
UPDATE alerts SET cleared_at = NULL WHERE condition = @key AND raised_at = @raisedAt AND cleared_at IS NOT NULL AND claimed_until = 0;

-- It holds again after a try to tell the receiver that it had cleared: the receiver may know, so the alert is a new one. A node that
-- still tells it keeps the row; of several nodes that see it, one raises it.
-- name: RaiseAlertAnew
UPDATE alerts SET detail = @detail, raised_at = @now, notified_at = NULL, cleared_at = NULL, claimed_until = 0
WHERE condition = @key AND raised_at = @raisedAt AND cleared_at IS NOT NULL AND claimed_until > 0 AND claimed_until <= @now;

-- Only the node that gets the row tells the receiver; what it claimed and did not finish is free again when the claim ends.
-- Run again (@again), as its commit got no answer, it finds its own claim.
-- name: ClaimAlert
UPDATE alerts SET claimed_until = @until
WHERE condition = @key AND raised_at = @raisedAt AND (claimed_until <= @now OR (@again = 1 AND claimed_until = @until))
  AND ((@clearing = 0 AND notified_at IS NULL AND cleared_at IS NULL) OR (@clearing = 1 AND cleared_at <= @clearedBefore));

-- name: AcknowledgeAlert
UPDATE alerts SET notified_at = @now, claimed_until = 0 WHERE condition = @key AND raised_at = @raisedAt AND claimed_until = @until;

-- name: DeleteAlert
DELETE FROM alerts WHERE condition = @key AND raised_at = @raisedAt AND claimed_until = @until;

-- name: ReleaseAlert
UPDATE alerts SET claimed_until = @freeAt WHERE condition = @key AND raised_at = @raisedAt AND claimed_until = @until;
