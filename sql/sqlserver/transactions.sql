-- Half messages: prepare, verdicts; and reading messages.

-- Another node that inserts the same id at the same moment: the unique index refuses one of the two, which tries again and
-- finds the row.
-- name: InsertMessages
INSERT INTO dbo.messages (id, producer_id, topic, [key], tag, ordering_key, delay_ms, trace_parent, state, prepared_at, check_back_at, decided_at, decided_by)
OUTPUT inserted.seq, inserted.id
SELECT r.id, r.producer_id, r.topic, r.[key], r.tag, r.ordering_key, r.delay_ms, r.trace_parent, r.state, r.prepared_at, r.check_back_at, r.decided_at, r.decided_by
FROM @rows AS r
WHERE NOT EXISTS (SELECT 1 FROM dbo.messages AS m WHERE m.id = r.id)
OPTION (LOOP JOIN);

-- name: InsertMessageContents
INSERT INTO dbo.message_contents (message_seq, content_type, headers, payload, checksum)
SELECT r.message_seq, r.content_type, r.headers, r.payload, r.checksum FROM @rows AS r;

-- name: FindMessagesForComparison
SELECT m.id, m.producer_id, m.topic, m.[key], m.tag, m.ordering_key, m.delay_ms, c.content_type, c.headers, c.payload, m.state
FROM @rows AS r JOIN dbo.messages AS m ON m.id = r.id JOIN dbo.message_contents AS c ON c.message_seq = m.seq
OPTION (LOOP JOIN);

-- LOOP JOIN here and below: a plan made while the table was small must not scan it when it is large; nor begin with it, and lock what is
-- not in the set (FORCE ORDER).
-- name: DecideMessages
UPDATE dbo.messages
SET state = r.state, decided_at = r.decided_at, decided_by = r.decided_by, reason = r.reason, check_back_at = NULL,
    check_backs = check_backs + CASE WHEN check_back_token IS NULL THEN 0 ELSE 1 END, check_back_token = NULL
OUTPUT inserted.seq, inserted.id, inserted.producer_id, inserted.topic, inserted.[key], inserted.tag, inserted.ordering_key,
       inserted.delay_ms, inserted.trace_parent, inserted.prepared_at, inserted.check_backs
FROM @rows AS r, dbo.messages WITH (ROWLOCK, FORCESEEK)
WHERE messages.id = r.id AND messages.state IN (0, 1) AND (r.only_producer_id IS NULL OR messages.producer_id = r.only_producer_id)
OPTION (LOOP JOIN, FORCE ORDER);

-- name: FindVerdicts
SELECT m.id, m.state, m.producer_id FROM @rows AS r JOIN dbo.messages AS m ON m.id = r.id OPTION (LOOP JOIN);

-- name: AddOperatorActionsOnMessages
INSERT INTO dbo.operator_actions (at, actor, action, message_seq, reason)
SELECT r.at, r.actor, r.action, r.message_seq, r.reason FROM @rows AS r;

-- name: FindMessage
SELECT m.seq, m.id, m.producer_id AS ProducerId, m.topic, m.[key], m.tag, m.ordering_key AS OrderingKey, m.delay_ms AS DelayMs,
       m.trace_parent AS TraceParent, m.state, m.prepared_at AS PreparedAt, m.check_back_at AS CheckBackAt,
       m.check_back_token AS CheckBackToken, m.check_backs AS CheckBacks, m.unknown_answers AS UnknownAnswers,
       m.parked_at AS ParkedAt, m.decided_at AS DecidedAt, m.decided_by AS DecidedBy, m.reason,
       c.content_type AS ContentType, c.headers
FROM dbo.messages AS m JOIN dbo.message_contents AS c ON c.message_seq = m.seq
WHERE m.id = CONVERT(binary(16), @id);

-- name: FindPayload
SELECT m.id, m.producer_id AS ProducerId, m.topic, m.[key], m.tag, m.ordering_key AS OrderingKey,
       c.content_type AS ContentType, c.headers, c.payload, c.checksum
FROM dbo.messages AS m JOIN dbo.message_contents AS c ON c.message_seq = m.seq
WHERE m.id = CONVERT(binary(16), @id);

-- name: FindContent
SELECT content_type AS ContentType, headers, payload, checksum FROM dbo.message_contents WHERE message_seq = @seq;

-- name: ListDeliveriesOfMessage
SELECT d.id, s.name AS Subscription, s.state AS SubscriptionState, s.endpoint, d.state, d.attempts, d.due_at AS DueAt, d.last_status AS LastStatus, d.last_error AS LastError,
       d.last_latency_ms AS LastLatencyMs, d.last_attempt_at AS LastAttemptAt, d.finished_at AS FinishedAt
FROM dbo.deliveries AS d JOIN dbo.subscriptions AS s ON s.id = d.subscription_id
WHERE d.message_seq = @seq
ORDER BY d.id;

-- Newest first, from a place that a cursor names: never an offset. Whatever else is asked for is looked for down to the bound of the search.
-- Planned anew each time: the bounds decide.
-- name: ListMessages
SELECT TOP (@limit) m.seq, m.id, m.producer_id AS ProducerId, m.topic, m.[key], m.tag, m.ordering_key AS OrderingKey, m.delay_ms AS DelayMs,
       m.state, m.prepared_at AS PreparedAt, m.check_back_at AS CheckBackAt, m.check_back_token AS CheckBackToken,
       m.check_backs AS CheckBacks, m.decided_at AS DecidedAt, m.decided_by AS DecidedBy, m.reason
FROM dbo.messages AS m
WHERE m.prepared_at <= @to AND m.prepared_at >= @from AND (m.prepared_at < @beforeTime OR m.seq < @beforeSeq)
  AND (m.prepared_at > @untilTime OR m.seq >= @untilSeq)
  AND (@state IS NULL OR m.state = @state)
  AND (@producerId IS NULL OR m.producer_id = @producerId)
  AND (@topic IS NULL OR m.topic = @topic)
  AND (@tag IS NULL OR m.tag = @tag)
ORDER BY m.prepared_at DESC, m.seq DESC
OPTION (RECOMPILE);

-- The same by key, on the index of keys.
-- name: ListMessagesByKey
SELECT TOP (@limit) m.seq, m.id, m.producer_id AS ProducerId, m.topic, m.[key], m.tag, m.ordering_key AS OrderingKey, m.delay_ms AS DelayMs,
       m.state, m.prepared_at AS PreparedAt, m.check_back_at AS CheckBackAt, m.check_back_token AS CheckBackToken,
       m.check_backs AS CheckBacks, m.decided_at AS DecidedAt, m.decided_by AS DecidedBy, m.reason
FROM dbo.messages AS m
WHERE m.[key] = @key AND m.[key] IS NOT NULL AND m.prepared_at <= @to AND m.prepared_at >= @from AND (m.prepared_at < @beforeTime OR m.seq < @beforeSeq)
  AND (m.prepared_at > @untilTime OR m.seq >= @untilSeq)
  AND (@state IS NULL OR m.state = @state)
  AND (@producerId IS NULL OR m.producer_id = @producerId)
  AND (@topic IS NULL OR m.topic = @topic)
  AND (@tag IS NULL OR m.tag = @tag)
ORDER BY m.prepared_at DESC, m.seq DESC
OPTION (RECOMPILE);

-- The same by a state that few messages are in: all of them are looked at. Only literals match the filters of their indexes.
-- name: ListMessagesByState
SELECT TOP (@limit) m.seq, m.id, m.producer_id AS ProducerId, m.topic, m.[key], m.tag, m.ordering_key AS OrderingKey, m.delay_ms AS DelayMs,
       m.state, m.prepared_at AS PreparedAt, m.check_back_at AS CheckBackAt, m.check_back_token AS CheckBackToken,
       m.check_backs AS CheckBacks, m.decided_at AS DecidedAt, m.decided_by AS DecidedBy, m.reason
FROM dbo.messages AS m
WHERE m.seq IN (SELECT p.seq FROM dbo.messages AS p WHERE p.state = 0 AND @state = 0 AND p.producer_id >= @producerFrom AND p.producer_id <= @producerTo
                UNION ALL
                SELECT p.seq FROM dbo.messages AS p WHERE p.state = 1 AND @state = 1 AND p.producer_id >= @producerFrom AND p.producer_id <= @producerTo
                UNION ALL
                SELECT p.seq FROM dbo.messages AS p WHERE p.state = 3 AND @state = 3)
  AND m.prepared_at <= @to AND m.prepared_at >= @from AND (m.prepared_at < @beforeTime OR m.seq < @beforeSeq)
  AND (@producerId IS NULL OR m.producer_id = @producerId)
  AND (@topic IS NULL OR m.topic = @topic)
  AND (@tag IS NULL OR m.tag = @tag)
ORDER BY m.prepared_at DESC, m.seq DESC
OPTION (RECOMPILE);

-- name: CountMessagesOfState
SELECT COUNT(*)
FROM (SELECT TOP (@limit) o.one
      FROM (SELECT 1 AS one FROM dbo.messages AS p WHERE p.state = 0 AND @state = 0 AND p.producer_id >= @producerFrom AND p.producer_id <= @producerTo
            UNION ALL
            SELECT 1 AS one FROM dbo.messages AS p WHERE p.state = 1 AND @state = 1 AND p.producer_id >= @producerFrom AND p.producer_id <= @producerTo
            UNION ALL
            SELECT 1 AS one FROM dbo.messages AS p WHERE p.state = 3 AND @state = 3) AS o) AS few
OPTION (RECOMPILE);

-- How far a search goes: so many rows of the index, which are passed without being read.
-- name: FindSearchBound
SELECT m.prepared_at AS PreparedAt, m.seq
FROM dbo.messages AS m
WHERE m.prepared_at <= @to AND m.prepared_at >= @from AND (m.prepared_at < @beforeTime OR m.seq < @beforeSeq)
ORDER BY m.prepared_at DESC, m.seq DESC
OFFSET @passed ROWS FETCH NEXT 1 ROWS ONLY
OPTION (RECOMPILE);

-- name: FindSearchBoundByKey
SELECT m.prepared_at AS PreparedAt, m.seq
FROM dbo.messages AS m
WHERE m.[key] = @key AND m.[key] IS NOT NULL AND m.prepared_at <= @to AND m.prepared_at >= @from AND (m.prepared_at < @beforeTime OR m.seq < @beforeSeq)
ORDER BY m.prepared_at DESC, m.seq DESC
OFFSET @passed ROWS FETCH NEXT 1 ROWS ONLY
OPTION (RECOMPILE);

-- Of a timeline the newest first: what is older than its limit is left out.
-- name: ListOperatorActionsOnMessage
SELECT TOP (@limit) a.at, a.actor, a.action, s.name AS Subscription, a.reason
FROM dbo.operator_actions AS a LEFT JOIN dbo.subscriptions AS s ON s.id = a.subscription_id
WHERE a.message_seq = @seq
ORDER BY a.id DESC;

-- Where a success went stands nowhere but in its subscription, which may point elsewhere by now. By what was done, not by the subscription,
-- whose rows may be those of a million redeliveries.
-- name: ListChangesOfSubscriptions
SELECT s.name AS Subscription, a.at, a.detail
FROM dbo.operator_actions AS a JOIN dbo.subscriptions AS s ON s.id = a.subscription_id
WHERE a.action = @action AND a.at >= @since
  AND EXISTS (SELECT 1 FROM dbo.deliveries AS d WHERE d.message_seq = @seq AND d.subscription_id = s.id)
ORDER BY a.at, a.id;

-- name: ListCheckBacksOfMessage
SELECT TOP (@limit) attempt, at, url, status, latency_ms AS LatencyMs, answer, error FROM dbo.check_backs WHERE message_seq = @seq ORDER BY attempt DESC;

-- name: ListAttemptsOfMessage
SELECT TOP (@limit) s.name AS Subscription, a.attempt, a.at, a.endpoint, a.outcome, a.status, a.latency_ms AS LatencyMs, a.error
FROM dbo.deliveries AS d JOIN dbo.delivery_attempts AS a ON a.delivery_id = d.id JOIN dbo.subscriptions AS s ON s.id = d.subscription_id
WHERE d.message_seq = @seq
ORDER BY a.at DESC, a.attempt DESC;
