-- Fills a fresh SQLite store with @messages finished messages and, among them, what operators look for: parked and prepared ones,
-- dead letters with a few different errors, deliveries that wait, and what people did. Times end at @now and go back a week.
-- Producers 1 to 10 and subscriptions 1 to 20 are there already. Nothing is due, so that a server that starts on it stays idle.
CREATE TEMP TABLE numbers AS
WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < @messages) SELECT n FROM counted;

INSERT INTO messages (seq, id, producer_id, topic, key, tag, delay_ms, state, prepared_at, check_back_at, check_backs, unknown_answers, parked_at, decided_at, decided_by)
SELECT n, unhex(printf('%012x7000', at) || '8' || printf('%015x', n)), 1 + n % 10,
       CASE WHEN n % 1000003 = 7 THEN 'rare' ELSE 'topic-' || (n % 20) END, 'order-' || n, 'tag-' || (n % 5), 0, state, at,
       CASE state WHEN 0 THEN @now + 86400000 END, CASE WHEN state < 2 THEN 1 + n % 3 ELSE 0 END, 0,
       CASE state WHEN 1 THEN at + 600000 END, CASE WHEN state > 1 THEN at + 20 END, CASE WHEN state > 1 THEN n % 3 END
FROM (SELECT n, @now - 604800000 + CAST(604800000.0 * n / @messages AS INTEGER) AS at,
             CASE WHEN n % 2000 = 1 THEN 1 WHEN n > @messages - 5000 THEN 0 WHEN n % 100 = 2 THEN 3 ELSE 2 END AS state FROM numbers);

INSERT INTO message_contents (message_seq, content_type, headers, payload)
SELECT n, 'application/json', '{"origin":"shop"}', CAST('{"order":' || n || ',"lines":[{"sku":"A-1","count":2}]}' AS BLOB) FROM numbers;

INSERT INTO deliveries (id, message_seq, subscription_id, state, due_at, attempts, last_status, last_error, last_latency_ms, last_attempt_at, finished_at)
SELECT seq, seq, 1 + seq % 20, state, CASE state WHEN 0 THEN @now + 86400000 ELSE decided_at END, CASE state WHEN 0 THEN 3 WHEN 3 THEN 17 ELSE 1 END,
       CASE state WHEN 2 THEN 200 WHEN 3 THEN 500 + (seq / 1000) % 4 ELSE 503 END, CASE state WHEN 2 THEN NULL WHEN 3 THEN 'the receiver answered ' || (500 + (seq / 1000) % 4) ELSE 'the receiver answered 503' END,
       12, decided_at + 5, CASE state WHEN 0 THEN NULL ELSE decided_at + 17 END
FROM (SELECT seq, decided_at, CASE WHEN seq % 1000 = 3 THEN 3 WHEN seq > @messages - 30000 THEN 0 ELSE 2 END AS state FROM messages WHERE messages.state = 2);

INSERT INTO delivery_attempts (delivery_id, attempt, at, endpoint, outcome, status, latency_ms, error)
SELECT d.id, t.attempt, d.last_attempt_at - (17 - t.attempt) * 1000, 'http://127.0.0.1:9/', 'refused', d.last_status, 12, d.last_error
FROM deliveries d, (SELECT n AS attempt FROM numbers WHERE n <= 17) t WHERE d.state = 3;

INSERT INTO check_backs (message_seq, attempt, at, url, status, latency_ms, answer)
SELECT seq, 1, prepared_at + 30000, 'http://127.0.0.1:9/', 200, 3, 'unknown' FROM messages WHERE state IN (0, 1);

INSERT INTO operator_actions (at, actor, action, message_seq, subscription_id, reason)
SELECT @now - 604800000 + n * 600, 'admin', CASE n % 2 WHEN 0 THEN 'redeliver' ELSE 'discard' END, n, 1 + n % 20, 'benchmark' FROM numbers WHERE n % 10 = 5;

INSERT INTO counters (shard, name, value)
SELECT 0, 'committed', COUNT(*) FROM messages WHERE state = 2 UNION ALL SELECT 0, 'rolledBack', COUNT(*) FROM messages WHERE state = 3
UNION ALL SELECT 0, 'delivered', COUNT(*) FROM deliveries WHERE state = 2;

DROP TABLE numbers;
