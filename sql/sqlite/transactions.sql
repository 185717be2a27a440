-- Half messages: prepare, verdicts; and reading messages.

-- A hot statement ends in a SELECT of what it changed where others would say RETURNING: SQLite runs RETURNING as a trigger
-- with a statement journal, which costs more than the row.
-- name: InsertMessages
INSERT INTO messages (id, producer_id, topic, key, tag, ordering_key, delay_ms, trace_parent, state, prepared_at, check_back_at, decided_at, decided_by)
VALUES (@id, @producer_id, @topic, @key, @tag, @ordering_key, @delay_ms, @trace_parent, @state, @prepared_at, @check_back_at, @decided_at, @decided_by)
ON CONFLICT (id) DO NOTHING;
SELECT last_insert_rowid(), @id WHERE changes() > 0;

-- name: InsertMessageContents
INSERT INTO message_contents (message_seq, content_type, headers, payload, checksum)
VALUES (@message_seq, @content_type, @headers, @payload, @checksum);

-- name: FindMessagesForComparison
SELECT m.id, m.producer_id, m.topic, m.key, m.tag, m.ordering_key, m.delay_ms, c.content_type, c.headers, c.payload, m.state
FROM messages m JOIN message_contents c ON c.message_seq = m.seq
WHERE m.id = @id;

-- name: DecideMessages
UPDATE messages
SET state = @state, decided_at = @decided_at, decided_by = @decided_by, reason = @reason, check_back_at = NULL,
    check_backs = check_backs + (check_back_token IS NOT NULL), check_back_token = NULL
WHERE id = @id AND state IN (0, 1) AND (@only_producer_id IS NULL OR producer_id = @only_producer_id);
SELECT seq, id, producer_id, topic, key, tag, ordering_key, delay_ms, trace_parent, prepared_at, check_backs
FROM messages WHERE id = @id AND changes() > 0;

-- name: FindVerdicts
SELECT id, state, producer_id FROM messages WHERE id = @id;

-- name: AddOperatorActionsOnMessages
INSERT INTO operator_actions (at, actor, action, message_seq, reason) VALUES (@at, @actor, @action, @message_seq, @reason);

-- name: FindMessage
SELECT m.seq, m.id, m.producer_id AS ProducerId, m.topic, m.key, m.tag, m.ordering_key AS OrderingKey, m.delay_ms AS DelayMs,
       m.trace_parent AS TraceParent, m.state, m.prepared_at AS PreparedAt, m.check_back_at AS CheckBackAt,
       m.check_back_token AS CheckBackToken, m.check_backs AS CheckBacks, m.unknown_answers AS UnknownAnswers,
       m.parked_at AS ParkedAt, m.decided_at AS DecidedAt, m.decided_by AS DecidedBy, m.reason,
       c.content_type AS ContentType, c.headers
FROM messages m JOIN message_contents c ON c.message_seq = m.seq
WHERE m.id = @id;

-- name: FindPayload
SELECT m.id, m.producer_id AS ProducerId, m.topic, m.key, m.tag, m.ordering_key AS OrderingKey,
       c.content_type AS ContentType, c.headers, c.payload, c.checksum
FROM messages m JOIN message_contents c ON c.message_seq = m.seq
WHERE m.id = @id;

-- name: FindContent
SELECT content_type AS ContentType, headers, payload, checksum FROM message_contents WHERE message_seq = @seq;

-- name: ListDeliveriesOfMessage
SELECT d.id, s.name AS Subscription, s.state AS SubscriptionState, s.endpoint, d.state, d.attempts, d.due_at AS DueAt, d.last_status AS LastStatus, d.last_error AS LastError,
       d.last_latency_ms AS LastLatencyMs, d.last_attempt_at AS LastAttemptAt, d.finished_at AS FinishedAt
FROM deliveries d JOIN subscriptions s ON s.id = d.subscription_id
WHERE d.message_seq = @seq
ORDER BY d.id;

-- Newest first, from a place that a cursor names: never an offset. Whatever else is asked for is looked for down to the bound of the search.
-- name: ListMessages
SELECT m.seq, m.id, m.producer_id AS ProducerId, m.topic, m.key, m.tag, m.ordering_key AS OrderingKey, m.delay_ms AS DelayMs,
       m.state, m.prepared_at AS PreparedAt, m.check_back_at AS CheckBackAt, m.check_back_token AS CheckBackToken,
       m.check_backs AS CheckBacks, m.decided_at AS DecidedAt, m.decided_by AS DecidedBy, m.reason
FROM messages m
WHERE m.prepared_at <= @to AND m.prepared_at >= @from AND (m.prepared_at < @beforeTime OR m.seq < @beforeSeq)
  AND (m.prepared_at > @untilTime OR m.seq >= @untilSeq)
  AND (@state IS NULL OR m.state = @state)
  AND (@producerId IS NULL OR m.producer_id = @producerId)
  AND (@topic IS NULL OR m.topic = @topic)
  AND (@tag IS NULL OR m.tag = @tag)
ORDER BY m.prepared_at DESC, m.seq DESC
LIMIT @limit;

-- The same by key, on the index of keys.
-- name: ListMessagesByKey
SELECT m.seq, m.id, m.producer_id AS ProducerId, m.topic, m.key, m.tag, m.ordering_key AS OrderingKey, m.delay_ms AS DelayMs,
       m.state, m.prepared_at AS PreparedAt, m.check_back_at AS CheckBackAt, m.check_back_token AS CheckBackToken,
       m.check_backs AS CheckBacks, m.decided_at AS DecidedAt, m.decided_by AS DecidedBy, m.reason
FROM messages m
WHERE m.key = @key AND m.prepared_at <= @to AND m.prepared_at >= @from AND (m.prepared_at < @beforeTime OR m.seq < @beforeSeq)
  AND (m.prepared_at > @untilTime OR m.seq >= @untilSeq)
  AND (@state IS NULL OR m.state = @state)
  AND (@producerId IS NULL OR m.producer_id = @producerId)
  AND (@topic IS NULL OR m.topic = @topic)
  AND (@tag IS NULL OR m.tag = @tag)
ORDER BY m.prepared_at DESC, m.seq DESC
LIMIT @limit;

-- The same by a state that few messages are in: all of them are looked at.
-- name: ListMessagesByState
SELECT m.seq, m.id, m.producer_id AS ProducerId, m.topic, m.key, m.tag, m.ordering_key AS OrderingKey, m.delay_ms AS DelayMs,
       m.state, m.prepared_at AS PreparedAt, m.check_back_at AS CheckBackAt, m.check_back_token AS CheckBackToken,
       m.check_backs AS CheckBacks, m.decided_at AS DecidedAt, m.decided_by AS DecidedBy, m.reason
FROM messages m
WHERE m.seq IN (SELECT p.seq FROM messages p INDEXED BY ix_messages_undecided WHERE p.state = 0 AND @state = 0 AND p.producer_id >= @producerFrom AND p.producer_id <= @producerTo
                UNION ALL
                SELECT p.seq FROM messages p INDEXED BY ix_messages_parked WHERE p.state = 1 AND @state = 1 AND p.producer_id >= @producerFrom AND p.producer_id <= @producerTo
                UNION ALL
                SELECT p.seq FROM messages p INDEXED BY ix_messages_rolled_back WHERE p.state = 3 AND @state = 3)
  AND m.prepared_at <= @to AND m.prepared_at >= @from AND (m.prepared_at < @beforeTime OR m.seq < @beforeSeq)
  AND (@producerId IS NULL OR m.producer_id = @producerId)
  AND (@topic IS NULL OR m.topic = @topic)
  AND (@tag IS NULL OR m.tag = @tag)
ORDER BY m.prepared_at DESC, m.seq DESC
LIMIT @limit;

-- name: CountMessagesOfState
SELECT COUNT(*)
FROM (SELECT 1 FROM messages p INDEXED BY ix_messages_undecided WHERE p.state = 0 AND @state = 0 AND p.producer_id >= @producerFrom AND p.producer_id <= @producerTo
      UNION ALL
      SELECT 1 FROM messages p INDEXED BY ix_messages_parked WHERE p.state = 1 AND @state = 1 AND p.producer_id >= @producerFrom AND p.producer_id <= @producerTo
      UNION ALL
      SELECT 1 FROM messages p INDEXED BY ix_messages_rolled_back WHERE p.state = 3 AND @state = 3
      LIMIT @limit);

-- How far a search goes: so many rows of the index, which are passed without being read.
-- name: FindSearchBound
SELECT m.prepared_at AS PreparedAt, m.seq
FROM messages m
WHERE m.prepared_at <= @to AND m.prepared_at >= @from AND (m.prepared_at < @beforeTime OR m.seq < @beforeSeq)
ORDER BY m.prepared_at DESC, m.seq DESC
LIMIT 1 OFFSET @passed;

-- name: FindSearchBoundByKey
SELECT m.prepared_at AS PreparedAt, m.seq
FROM messages m
WHERE m.key = @key AND m.prepared_at <= @to AND m.prepared_at >= @from AND (m.prepared_at < @beforeTime OR m.seq < @beforeSeq)
ORDER BY m.prepared_at DESC, m.seq DESC
LIMIT 1 OFFSET @passed;

-- Of a timeline the newest first: what is older than its limit is left out.
-- name: ListOperatorActionsOnMessage
SELECT a.at, a.actor, a.action, s.name AS Subscription, a.reason
FROM operator_actions a LEFT JOIN subscriptions s ON s.id = a.subscription_id
WHERE a.message_seq = @seq
ORDER BY a.id DESC
LIMIT @limit;

-- Where a success went stands nowhere but in its subscription, which may point elsewhere by now. By what was done, not by the subscription,
-- whose rows may be those of a million redeliveries.
-- name: ListChangesOfSubscriptions
SELECT s.name AS Subscription, a.at, a.detail
FROM operator_actions a JOIN subscriptions s ON s.id = a.subscription_id
WHERE a.action = @action AND a.at >= @since
  AND EXISTS (SELECT 1 FROM deliveries d WHERE d.message_seq = @seq AND d.subscription_id = s.id)
ORDER BY a.at, a.id;

-- name: ListCheckBacksOfMessage
SELECT attempt, at, url, status, latency_ms AS LatencyMs, answer, error FROM check_backs WHERE message_seq = @seq ORDER BY attempt DESC LIMIT @limit;

-- name: ListAttemptsOfMessage
SELECT s.name AS Subscription, a.attempt, a.at, a.endpoint, a.outcome, a.status, a.latency_ms AS LatencyMs, a.error
FROM deliveries d JOIN delivery_attempts a ON a.delivery_id = d.id JOIN subscriptions s ON s.id = d.subscription_id
WHERE d.message_seq = @seq
ORDER BY a.at DESC, a.attempt DESC
LIMIT @limit;
