-- Dead letters: look, redeliver, discard.

-- The first few of each subscription, and of those the first: the index goes by subscription.
-- name: ListDeadLetters
SELECT TOP (@limit) d.id, m.id AS MessageId, m.producer_id AS ProducerId, d.subscription_id AS SubscriptionId, m.topic, m.[key], m.tag, d.attempts,
       d.last_status AS LastStatus, d.last_error AS LastError, d.finished_at AS FinishedAt
FROM dbo.deliveries AS d JOIN dbo.messages AS m ON m.seq = d.message_seq
WHERE d.state = 3
  AND d.id IN (SELECT TOP (@limit) x.id
               FROM dbo.subscriptions AS s
                    CROSS APPLY (SELECT TOP (@limit) y.id FROM dbo.deliveries AS y WHERE y.state = 3 AND y.subscription_id = s.id AND y.id > @after ORDER BY y.id) AS x
               WHERE s.state IN (0, 1)
               ORDER BY x.id)
ORDER BY d.id;

-- name: ListDeadLettersOfSubscription
SELECT TOP (@limit) d.id, m.id AS MessageId, m.producer_id AS ProducerId, d.subscription_id AS SubscriptionId, m.topic, m.[key], m.tag, d.attempts,
       d.last_status AS LastStatus, d.last_error AS LastError, d.finished_at AS FinishedAt
FROM dbo.deliveries AS d JOIN dbo.messages AS m ON m.seq = d.message_seq
WHERE d.state = 3 AND d.subscription_id = @subscriptionId AND d.id > @after
ORDER BY d.id;

-- name: ListNewestDeadLetters
SELECT TOP (@limit) id, message_seq AS MessageSeq, last_status AS LastStatus, last_error AS LastError, finished_at AS FinishedAt
FROM dbo.deliveries
WHERE state = 3 AND subscription_id = @subscriptionId
ORDER BY id DESC
OPTION (RECOMPILE);

-- name: ListMessageIds
SELECT seq, id FROM dbo.messages WHERE seq IN @seqs;

-- name: FindNewestDeadLetter
SELECT MAX(id) FROM dbo.deliveries WHERE state = 3 AND subscription_id = @subscriptionId;

-- One search at a time.
-- name: FindOldestDeadLetters
DECLARE @subscription_id bigint, @up_to bigint, @limit int;
SELECT @subscription_id = r.subscription_id, @up_to = r.up_to, @limit = r.limit FROM @rows AS r;
SELECT TOP (@limit) d.id, d.message_seq, d.ordering_key
FROM dbo.deliveries AS d
WHERE d.state = 3 AND d.subscription_id = @subscription_id AND d.id <= @up_to
ORDER BY d.id;

-- name: FindDeadLettersByMessage
SELECT d.id, d.message_seq, d.ordering_key
FROM @rows AS r JOIN dbo.messages AS m ON m.id = r.message_id
     JOIN dbo.deliveries AS d ON d.message_seq = m.seq AND d.subscription_id = r.subscription_id
WHERE d.state = 3
OPTION (LOOP JOIN);

-- name: RedeliverDeadLetters
UPDATE dbo.deliveries WITH (ROWLOCK)
SET state = 0, due_at = r.due_at, schedule_start = deliveries.attempts, finished_at = NULL
FROM @rows AS r
WHERE deliveries.id = r.id AND deliveries.state = 3
OPTION (LOOP JOIN);

-- name: DiscardDeadLetters
UPDATE dbo.deliveries WITH (ROWLOCK)
SET state = 4, due_at = r.now, finished_at = r.now
FROM @rows AS r
WHERE deliveries.id = r.id AND deliveries.state = 3
OPTION (LOOP JOIN);

-- name: AddOperatorActionsOnDeliveries
INSERT INTO dbo.operator_actions (at, actor, action, message_seq, subscription_id, reason)
SELECT r.at, r.actor, r.action, r.message_seq, r.subscription_id, r.reason FROM @rows AS r;
