-- What people did, and what TxMsg did by itself: written in the transaction of what was done, read newest first.

-- name: AddAuditEntry
INSERT INTO dbo.operator_actions (at, actor, action, producer_id, subscription_id, reason, detail)
VALUES (@at, @actor, @action, @producerId, @subscriptionId, @reason, @detail);

-- From a place that a cursor names. Each by an index of its own: what else is asked for is told apart by the reader, which stops in time.
-- Planned anew each time: how far back the place lies decides.
-- name: ListAuditEntries
SELECT TOP (@limit) a.id, a.at, a.actor, a.action, m.id AS MessageId, p.name AS Producer, s.name AS Subscription, a.reason, a.detail
FROM dbo.operator_actions AS a LEFT JOIN dbo.messages AS m ON m.seq = a.message_seq LEFT JOIN dbo.producers AS p ON p.id = a.producer_id
     LEFT JOIN dbo.subscriptions AS s ON s.id = a.subscription_id
WHERE a.at >= @from AND a.at <= @beforeTime AND (a.at < @beforeTime OR a.id < @beforeId)
ORDER BY a.at DESC, a.id DESC
OPTION (RECOMPILE);

-- name: ListAuditEntriesByActor
SELECT TOP (@limit) a.id, a.at, a.actor, a.action, m.id AS MessageId, p.name AS Producer, s.name AS Subscription, a.reason, a.detail
FROM dbo.operator_actions AS a LEFT JOIN dbo.messages AS m ON m.seq = a.message_seq LEFT JOIN dbo.producers AS p ON p.id = a.producer_id
     LEFT JOIN dbo.subscriptions AS s ON s.id = a.subscription_id
WHERE a.actor = @actor
  AND a.at >= @from AND a.at <= @beforeTime AND (a.at < @beforeTime OR a.id < @beforeId)
ORDER BY a.at DESC, a.id DESC
OPTION (RECOMPILE);

-- name: ListAuditEntriesByAction
SELECT TOP (@limit) a.id, a.at, a.actor, a.action, m.id AS MessageId, p.name AS Producer, s.name AS Subscription, a.reason, a.detail
FROM dbo.operator_actions AS a LEFT JOIN dbo.messages AS m ON m.seq = a.message_seq LEFT JOIN dbo.producers AS p ON p.id = a.producer_id
     LEFT JOIN dbo.subscriptions AS s ON s.id = a.subscription_id
WHERE a.action = @action
  AND a.at >= @from AND a.at <= @beforeTime AND (a.at < @beforeTime OR a.id < @beforeId)
ORDER BY a.at DESC, a.id DESC
OPTION (RECOMPILE);

-- name: ListAuditEntriesOfProducer
SELECT TOP (@limit) a.id, a.at, a.actor, a.action, m.id AS MessageId, p.name AS Producer, s.name AS Subscription, a.reason, a.detail
FROM dbo.operator_actions AS a LEFT JOIN dbo.messages AS m ON m.seq = a.message_seq LEFT JOIN dbo.producers AS p ON p.id = a.producer_id
     LEFT JOIN dbo.subscriptions AS s ON s.id = a.subscription_id
WHERE a.producer_id = (SELECT o.id FROM dbo.producers AS o WHERE o.name = @producer) AND a.producer_id IS NOT NULL
  AND a.at >= @from AND a.at <= @beforeTime AND (a.at < @beforeTime OR a.id < @beforeId)
ORDER BY a.at DESC, a.id DESC
OPTION (RECOMPILE);

-- name: ListAuditEntriesOfSubscription
SELECT TOP (@limit) a.id, a.at, a.actor, a.action, m.id AS MessageId, p.name AS Producer, s.name AS Subscription, a.reason, a.detail
FROM dbo.operator_actions AS a LEFT JOIN dbo.messages AS m ON m.seq = a.message_seq LEFT JOIN dbo.producers AS p ON p.id = a.producer_id
     LEFT JOIN dbo.subscriptions AS s ON s.id = a.subscription_id
WHERE a.subscription_id = @subscriptionId AND a.subscription_id IS NOT NULL
  AND a.at >= @from AND a.at <= @beforeTime AND (a.at < @beforeTime OR a.id < @beforeId)
ORDER BY a.at DESC, a.id DESC
OPTION (RECOMPILE);

-- name: ListAuditEntriesOfMessage
SELECT TOP (@limit) a.id, a.at, a.actor, a.action, m.id AS MessageId, p.name AS Producer, s.name AS Subscription, a.reason, a.detail
FROM dbo.operator_actions AS a LEFT JOIN dbo.messages AS m ON m.seq = a.message_seq LEFT JOIN dbo.producers AS p ON p.id = a.producer_id
     LEFT JOIN dbo.subscriptions AS s ON s.id = a.subscription_id
WHERE a.message_seq = (SELECT o.seq FROM dbo.messages AS o WHERE o.id = CONVERT(binary(16), @id)) AND a.message_seq IS NOT NULL
  AND a.at >= @from AND a.at <= @beforeTime AND (a.at < @beforeTime OR a.id < @beforeId)
ORDER BY a.at DESC, a.id DESC
OPTION (RECOMPILE);

-- Those that have the name, and the deleted ones that had it: they are renamed to name~id. ':' follows '9'.
-- name: ListSubscriptionsEverNamed
SELECT TOP (@limit) id FROM dbo.subscriptions
WHERE name = @name OR (name >= @name + N'~0' AND name < @name + N'~:')
ORDER BY id DESC;
