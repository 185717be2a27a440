-- Undecided messages: what waits for a verdict, by producer and by age. On the indexes of what is undecided alone.

-- name: CountPreparedByProducer
SELECT producer_id AS ProducerId, COUNT(*) AS Prepared, MIN(prepared_at) AS OldestPreparedAt,
       SUM(CASE WHEN check_back_at <= @now THEN 1 ELSE 0 END) AS Due,
       MIN(CASE WHEN check_back_at <= @now THEN prepared_at END) AS OldestDueAt
FROM messages INDEXED BY ix_messages_undecided
WHERE state = 0
GROUP BY producer_id;

-- Asked before, or being asked: that stands in the rows themselves, so only so many are read.
-- name: CountAskedMessages
SELECT COUNT(*) AS Examined, COALESCE(SUM(a.asked), 0) AS Asked, MIN(CASE WHEN a.asked = 1 THEN a.prepared_at END) AS OldestAskedAt
FROM (SELECT prepared_at, CASE WHEN check_backs > 0 OR check_back_token IS NOT NULL THEN 1 ELSE 0 END AS asked
      FROM messages
      WHERE state = 0 AND producer_id = @producerId AND check_back_at > @now
      LIMIT @limit) a;

-- name: ListUndecidedOldestFirst
SELECT m.seq, m.id, m.producer_id AS ProducerId, m.topic, m.key, m.tag, m.state, m.prepared_at AS PreparedAt, m.check_back_at AS CheckBackAt,
       m.check_back_token AS CheckBackToken, m.check_backs AS CheckBacks, m.unknown_answers AS UnknownAnswers, m.parked_at AS ParkedAt
FROM messages m
WHERE m.seq IN (SELECT u.seq
                FROM (SELECT p.prepared_at AS prepared_at, p.seq AS seq FROM messages p INDEXED BY ix_messages_undecided
                      WHERE p.state = 0 AND @prepared = 1 AND p.producer_id >= @producerFrom AND p.producer_id <= @producerTo
                        AND p.prepared_at <= @preparedBefore AND p.prepared_at >= @afterTime AND (p.prepared_at > @afterTime OR p.seq > @afterSeq)
                        AND (@pastFirstCheck = 0 OR p.check_back_at <= @now OR p.check_backs > 0 OR p.check_back_token IS NOT NULL)
                      UNION ALL
                      SELECT p.prepared_at, p.seq FROM messages p INDEXED BY ix_messages_parked
                      WHERE p.state = 1 AND @parked = 1 AND p.producer_id >= @producerFrom AND p.producer_id <= @producerTo
                        AND p.prepared_at <= @preparedBefore AND p.prepared_at >= @afterTime AND (p.prepared_at > @afterTime OR p.seq > @afterSeq)
                      ORDER BY prepared_at, seq
                      LIMIT @limit) u)
ORDER BY m.prepared_at, m.seq;
