-- Check-backs: which half messages are overdue, who asks, what came of it.

-- A sweep never waits for what another transaction holds: the next one looks again.
-- name: ListProducersWithOverdueMessages
SELECT p.id FROM dbo.producers AS p WITH (READPAST, READCOMMITTEDLOCK)
WHERE p.check_back_job_until <= @now
  AND EXISTS (SELECT 1 FROM dbo.messages AS m WITH (READPAST, READCOMMITTEDLOCK) WHERE m.producer_id = p.id AND m.state = 0 AND m.check_back_at <= @now);

-- When a sweep has to look again: when the next half message falls due, before the end. What fell due a moment ago counts, too: the
-- producer's job may have ended just before it.
-- name: FindNextCheckBack
SELECT MIN(due.next_at)
FROM dbo.producers AS p WITH (READPAST, READCOMMITTEDLOCK)
CROSS APPLY (
    SELECT MIN(m.check_back_at) AS next_at FROM dbo.messages AS m WITH (READPAST, READCOMMITTEDLOCK)
    WHERE m.producer_id = p.id AND m.state = 0 AND m.check_back_at > @after AND m.check_back_at < @end
) AS due;

-- One job a producer, over all nodes: a lease that the job renews, so that a dead node's job is replaced. The token: a write whose commit
-- got no answer runs again, and finds what it wrote.
-- name: AcquireCheckBackJob
UPDATE dbo.producers WITH (ROWLOCK)
SET check_back_job_token = @token, check_back_job_until = @until
WHERE id = @producerId AND (check_back_job_until <= @now OR check_back_job_token = @token);

-- name: RenewCheckBackJob
UPDATE dbo.producers WITH (ROWLOCK) SET check_back_job_until = @until WHERE id = @producerId AND check_back_job_token = @token;

-- name: ReleaseCheckBackJob
UPDATE dbo.producers WITH (ROWLOCK)
SET check_back_job_token = NULL, check_back_job_until = 0
WHERE id = @producerId AND check_back_job_token = @token;

-- At the start of the only node of a store: nobody runs a job.
-- name: ReleaseAllCheckBackJobs
UPDATE dbo.producers SET check_back_job_token = NULL, check_back_job_until = 0 WHERE check_back_job_until > 0;

-- name: ReleaseAllCheckBacks
UPDATE dbo.messages SET check_back_at = @now, check_back_token = NULL WHERE state = 0 AND check_back_token IS NOT NULL;

-- What another transaction holds (a verdict that is being stored, another claim) is passed over: if it is still due, the
-- next claim finds it. Each question has a number of its own: one whose claim has passed may have been asked, and its answer may still
-- come.
-- name: ClaimOverdueMessages
UPDATE TOP (@limit) dbo.messages WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK, UPDLOCK)
SET check_back_at = @leasedUntil, check_backs = check_backs + CASE WHEN check_back_token IS NULL THEN 0 ELSE 1 END, check_back_token = @token
OUTPUT inserted.seq, inserted.id, inserted.producer_id AS ProducerId, inserted.topic, inserted.[key], inserted.trace_parent AS TraceParent,
       inserted.state, inserted.prepared_at AS PreparedAt, inserted.check_backs AS CheckBacks, inserted.unknown_answers AS UnknownAnswers,
       inserted.check_back_token AS CheckBackToken
WHERE producer_id = @producerId AND state = 0 AND check_back_at <= @now;

-- What is being asked about at this moment is left to its answer; what another transaction holds is passed over, and found by the next
-- sweep if it is still undecided.
-- name: HasUnansweredMessages
SELECT CASE WHEN EXISTS (
    SELECT 1 FROM dbo.messages WITH (READPAST, READCOMMITTEDLOCK)
    WHERE producer_id = @producerId AND state = 0 AND check_back_at <= @dueBefore AND prepared_at <= @preparedBefore
      AND (check_back_token IS NULL OR check_back_at <= @now)
) THEN 1 ELSE 0 END;

-- name: ParkUnansweredMessages
UPDATE TOP (@limit) dbo.messages WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK, UPDLOCK)
SET state = 1, parked_at = @now, check_backs = check_backs + CASE WHEN check_back_token IS NULL THEN 0 ELSE 1 END, check_back_at = NULL,
    check_back_token = NULL
WHERE producer_id = @producerId AND state = 0 AND check_back_at <= @dueBefore AND prepared_at <= @preparedBefore
  AND (check_back_token IS NULL OR check_back_at <= @now);

-- By hand: also a parked one, which then stays parked unless it is decided; and one that is being asked about, with the next number. Run
-- again, it finds its own token, and keeps its number.
-- name: ClaimMessageForCheckBack
UPDATE dbo.messages WITH (ROWLOCK)
SET check_back_at = CASE WHEN state = 0 THEN @leasedUntil END,
    check_backs = check_backs + CASE WHEN check_back_token IS NULL OR check_back_token = @token THEN 0 ELSE 1 END, check_back_token = @token
OUTPUT inserted.seq, inserted.id, inserted.producer_id AS ProducerId, inserted.topic, inserted.[key], inserted.trace_parent AS TraceParent,
       inserted.state, inserted.prepared_at AS PreparedAt, inserted.check_backs AS CheckBacks, inserted.unknown_answers AS UnknownAnswers,
       inserted.check_back_token AS CheckBackToken
WHERE id = CONVERT(binary(16), @id) AND state IN (0, 1);

-- Untried: as if they had not been claimed.
-- name: ReleaseCheckBack
UPDATE dbo.messages WITH (ROWLOCK) SET check_back_at = @dueAt, check_back_token = NULL WHERE seq = @seq AND state = 0 AND check_back_token = @token;

-- name: RecordCheckBacks
UPDATE dbo.messages
SET check_backs = r.check_backs, unknown_answers = r.unknown_answers, state = r.state, check_back_at = r.check_back_at, check_back_token = NULL,
    parked_at = CASE WHEN r.state = 1 AND messages.state = 0 THEN r.now ELSE messages.parked_at END
OUTPUT inserted.seq, inserted.check_backs
FROM @rows AS r, dbo.messages WITH (ROWLOCK, FORCESEEK)
WHERE messages.seq = r.message_seq AND messages.state IN (0, 1) AND messages.check_back_token = r.check_back_token
OPTION (LOOP JOIN, FORCE ORDER);

-- The first of a number stays.
-- name: InsertCheckBacks
INSERT INTO dbo.check_backs (message_seq, attempt, at, url, status, latency_ms, answer, error)
SELECT r.message_seq, r.attempt, r.at, r.url, r.status, r.latency_ms, r.answer, r.error
FROM @rows AS r
WHERE NOT EXISTS (SELECT 1 FROM dbo.check_backs AS c WHERE c.message_seq = r.message_seq AND c.attempt = r.attempt)
OPTION (LOOP JOIN);

-- name: AddOperatorActionOnMessage
INSERT INTO dbo.operator_actions (at, actor, action, message_seq, reason) VALUES (@at, @actor, @action, @messageSeq, @reason);
