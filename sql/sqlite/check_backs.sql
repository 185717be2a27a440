-- Check-backs: which half messages are overdue, who asks, what came of it.

-- name: ListProducersWithOverdueMessages
SELECT p.id FROM producers p
WHERE p.check_back_job_until <= @now
  AND EXISTS (SELECT 1 FROM messages m WHERE m.producer_id = p.id AND m.state = 0 AND m.check_back_at <= @now);

-- When a sweep has to look again: when the next half message falls due, before the end. What fell due a moment ago counts, too: the
-- producer's job may have ended just before it.
-- name: FindNextCheckBack
SELECT MIN((SELECT MIN(m.check_back_at) FROM messages m WHERE m.producer_id = p.id AND m.state = 0 AND m.check_back_at > @after AND m.check_back_at < @end))
FROM producers p;

-- One job a producer, over all nodes: a lease that the job renews, so that a dead node's job is replaced. The token: a write whose commit
-- got no answer runs again, and finds what it wrote.
-- name: AcquireCheckBackJob
UPDATE producers SET check_back_job_token = @token, check_back_job_until = @until
WHERE id = @producerId AND (check_back_job_until <= @now OR check_back_job_token = @token);

-- name: RenewCheckBackJob
UPDATE producers SET check_back_job_until = @until WHERE id = @producerId AND check_back_job_token = @token;

-- name: ReleaseCheckBackJob
UPDATE producers SET check_back_job_token = NULL, check_back_job_until = 0 WHERE id = @producerId AND check_back_job_token = @token;

-- At the start of the only node of a store: nobody runs a job.
-- name: ReleaseAllCheckBackJobs
UPDATE producers SET check_back_job_token = NULL, check_back_job_until = 0 WHERE check_back_job_until > 0;

-- name: ReleaseAllCheckBacks
UPDATE messages SET check_back_at = @now, check_back_token = NULL WHERE state = 0 AND check_back_token IS NOT NULL;

-- Each question has a number of its own: one whose claim has passed may have been asked, and its answer may still come.
-- name: ClaimOverdueMessages
UPDATE messages
SET check_back_at = @leasedUntil, check_backs = check_backs + (check_back_token IS NOT NULL), check_back_token = @token
WHERE seq IN (SELECT seq FROM messages WHERE producer_id = @producerId AND state = 0 AND check_back_at <= @now ORDER BY check_back_at LIMIT @limit)
  AND state = 0
RETURNING seq, id, producer_id AS ProducerId, topic, key, trace_parent AS TraceParent, state, prepared_at AS PreparedAt,
          check_backs AS CheckBacks, unknown_answers AS UnknownAnswers, check_back_token AS CheckBackToken;

-- What is being asked about at this moment is left to its answer.
-- name: HasUnansweredMessages
SELECT EXISTS (
    SELECT 1 FROM messages
    WHERE producer_id = @producerId AND state = 0 AND check_back_at <= @dueBefore AND prepared_at <= @preparedBefore
      AND (check_back_token IS NULL OR check_back_at <= @now)
);

-- name: ParkUnansweredMessages
UPDATE messages
SET state = 1, parked_at = @now, check_backs = check_backs + (check_back_token IS NOT NULL), check_back_at = NULL, check_back_token = NULL
WHERE seq IN (
    SELECT seq FROM messages
    WHERE producer_id = @producerId AND state = 0 AND check_back_at <= @dueBefore AND prepared_at <= @preparedBefore
      AND (check_back_token IS NULL OR check_back_at <= @now)
    LIMIT @limit
) AND state = 0;

-- By hand: also a parked one, which then stays parked unless it is decided; and one that is being asked about, with the next number. Run
-- again, it finds its own token, and keeps its number.
-- name: ClaimMessageForCheckBack
UPDATE messages
SET check_back_at = CASE WHEN state = 0 THEN @leasedUntil END,
    check_backs = check_backs + (check_back_token IS NOT NULL AND check_back_token <> @token), check_back_token = @token
WHERE id = @id AND state IN (0, 1)
RETURNING seq, id, producer_id AS ProducerId, topic, key, trace_parent AS TraceParent, state, prepared_at AS PreparedAt,
          check_backs AS CheckBacks, unknown_answers AS UnknownAnswers, check_back_token AS CheckBackToken;

-- Untried: as if they had not been claimed.
-- name: ReleaseCheckBack
UPDATE messages SET check_back_at = @dueAt, check_back_token = NULL WHERE seq = @seq AND state = 0 AND check_back_token = @token;

-- name: RecordCheckBacks
UPDATE messages
SET check_backs = @check_backs, unknown_answers = @unknown_answers, state = @state, check_back_at = @check_back_at, check_back_token = NULL,
    parked_at = CASE WHEN @state = 1 AND state = 0 THEN @now ELSE parked_at END
WHERE seq = @message_seq AND state IN (0, 1) AND check_back_token = @check_back_token
RETURNING seq, check_backs;

-- name: InsertCheckBacks
INSERT INTO check_backs (message_seq, attempt, at, url, status, latency_ms, answer, error)
VALUES (@message_seq, @attempt, @at, @url, @status, @latency_ms, @answer, @error)
ON CONFLICT (message_seq, attempt) DO NOTHING;

-- name: AddOperatorActionOnMessage
INSERT INTO operator_actions (at, actor, action, message_seq, reason) VALUES (@at, @actor, @action, @messageSeq, @reason);
