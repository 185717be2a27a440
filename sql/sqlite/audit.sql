-- What people did, and what TxMsg did by itself: written in the transaction of what was done, read newest first.

-- name: AddAuditEntry
INSERT INTO operator_actions (at, actor, action, producer_id, subscription_id, reason, detail)
VALUES (@at, @actor, @action, @producerId, @subscriptionId, @reason, @detail);

-- From a place that a cursor names. Each by an index of its own: what else is asked for is told apart by the reader, which stops in time.
-- name: ListAuditEntries
SELECT a.id, a.at, a.actor, a.action, m.id AS MessageId, p.name AS Producer, s.name AS Subscription, a.reason, a.detail
FROM operator_actions a LEFT JOIN messages m ON m.seq = a.message_seq LEFT JOIN producers p ON p.id = a.producer_id
     LEFT JOIN subscriptions s ON s.id = a.subscription_id
WHERE a.at >= @from AND (a.at, a.id) < (@beforeTime, @beforeId)
ORDER BY a.at DESC, a.id DESC
LIMIT @limit;

-- name: ListAuditEntriesByActor
SELECT a.id, a.at, a.actor, a.action, m.id AS MessageId, p.name AS Producer, s.name AS Subscription, a.reason, a.detail
FROM operator_actions a LEFT JOIN messages m ON m.seq = a.message_seq LEFT JOIN producers p ON p.id = a.producer_id
     LEFT JOIN subscriptions s ON s.id = a.subscription_id
WHERE a.actor = @actor
  AND a.at >= @from AND (a.at, a.id) < (@beforeTime, @beforeId)
ORDER BY a.at DESC, a.id DESC
LIMIT @limit;

-- name: ListAuditEntriesByAction
SELECT a.id, a.at, a.actor, a.action, m.id AS MessageId, p.name AS Producer, s.name AS Subscription, a.reason, a.detail
FROM operator_actions a LEFT JOIN messages m ON m.seq = a.message_seq LEFT JOIN producers p ON p.id = a.producer_id
     LEFT JOIN subscriptions s ON s.id = a.subscription_id
WHERE a.action = @action
  AND a.at >= @from AND (a.at, a.id) < (@beforeTime, @beforeId)
ORDER BY a.at DESC, a.id DESC
LIMIT @limit;

-- name: ListAuditEntriesOfProducer
SELECT a.id, a.at, a.actor, a.action, m.id AS MessageId, p.name AS Producer, s.name AS Subscription, a.reason, a.detail
FROM operator_actions a LEFT JOIN messages m ON m.seq = a.message_seq LEFT JOIN producers p ON p.id = a.producer_id
     LEFT JOIN subscriptions s ON s.id = a.subscription_id
WHERE a.producer_id = (SELECT o.id FROM producers o WHERE o.name = @producer)
  AND a.at >= @from AND (a.at, a.id) < (@beforeTime, @beforeId)
ORDER BY a.at DESC, a.id DESC
LIMIT @limit;

-- name: ListAuditEntriesOfSubscription
SELECT a.id, a.at, a.actor, a.action, m.id AS MessageId, p.name AS Producer, s.name AS Subscription, a.reason, a.detail
FROM operator_actions a LEFT JOIN messages m ON m.seq = a.message_seq LEFT JOIN producers p ON p.id = a.producer_id
     LEFT JOIN subscriptions s ON s.id = a.subscription_id
WHERE a.subscription_id = @subscriptionId
  AND a.at >= @from AND (a.at, a.id) < (@beforeTime, @beforeId)
ORDER BY a.at DESC, a.id DESC
LIMIT @limit;

-- name: ListAuditEntriesOfMessage
SELECT a.id, a.at, a.actor, a.action, m.id AS MessageId, p.name AS Producer, s.name AS Subscription, a.reason, a.detail
FROM operator_actions a LEFT JOIN messages m ON m.seq = a.message_seq LEFT JOIN producers p ON p.id = a.producer_id
     LEFT JOIN subscriptions s ON s.id = a.subscription_id
WHERE a.message_seq = (SELECT o.seq FROM messages o WHERE o.id = @id)
  AND a.at >= @from AND (a.at, a.id) < (@beforeTime, @beforeId)
ORDER BY a.at DESC, a.id DESC
LIMIT @limit;

-- Those that have the name, and the deleted ones that had it: they are renamed to name~id. ':' follows '9'.
-- name: ListSubscriptionsEverNamed
SELECT id FROM subscriptions
WHERE name = @name OR (name >= @name || '~0' AND name < @name || '~:')
ORDER BY id DESC
LIMIT @limit;
