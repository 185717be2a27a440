-- Subscriptions: made, changed, paused, resumed, deleted; what waits for each.

-- name: FindSubscriptionToChange
SELECT id, name, topic, endpoint, tags, ordered, max_concurrency AS MaxConcurrency, timeout_ms AS TimeoutMs,
       retry_schedule AS RetrySchedule, secret, previous_secret AS PreviousSecret,
       previous_secret_expires_at AS PreviousSecretExpiresAt, older_secrets AS OlderSecrets, state, paused_reason AS PausedReason,
       created_at AS CreatedAt, updated_at AS UpdatedAt
FROM subscriptions
WHERE name = @name AND state IN (0, 1);

-- name: InsertSubscription
INSERT INTO subscriptions (name, topic, endpoint, tags, ordered, max_concurrency, timeout_ms, retry_schedule, secret, state, created_at, updated_at)
VALUES (@name, @topic, @endpoint, @tags, @ordered, @maxConcurrency, @timeoutMs, @retrySchedule, @secret, 0, @now, @now)
ON CONFLICT (name) DO NOTHING;

-- name: UpdateSubscription
UPDATE subscriptions
SET topic = @topic, endpoint = @endpoint, tags = @tags, ordered = @ordered, max_concurrency = @maxConcurrency,
    timeout_ms = @timeoutMs, retry_schedule = @retrySchedule, updated_at = @now
WHERE name = @name AND state IN (0, 1);

-- name: RotateSubscriptionSecret
UPDATE subscriptions
SET older_secrets = @olderSecrets, previous_secret = secret, previous_secret_expires_at = @previousExpiresAt, secret = @secret, updated_at = @now
WHERE name = @name AND state IN (0, 1);

-- name: PauseSubscription
UPDATE subscriptions SET state = 1, paused_reason = @reason, updated_at = @now WHERE name = @name AND state = 0;

-- name: ResumeSubscription
UPDATE subscriptions SET state = 0, paused_reason = NULL, updated_at = @now WHERE name = @name AND state = 1;

-- name: TouchSubscription
UPDATE subscriptions SET updated_at = @now WHERE name = @name AND state IN (0, 1);

-- The name is free again at once; the rows go with the next purge.
-- name: DeleteSubscription
UPDATE subscriptions SET state = 2, name = name || '~' || id, updated_at = @now WHERE name = @name AND state IN (0, 1);

-- name: CountPendingBySubscription
SELECT subscription_id AS SubscriptionId, COUNT(*) AS Count FROM deliveries WHERE state = 0 GROUP BY subscription_id;

-- name: CountLeasedBySubscription
SELECT subscription_id AS SubscriptionId, COUNT(*) AS Count FROM deliveries WHERE state = 1 GROUP BY subscription_id;

-- name: CountDeadLettersBySubscription
SELECT subscription_id AS SubscriptionId, COUNT(*) AS Count FROM deliveries WHERE state = 3 GROUP BY subscription_id;

-- name: CountDeliveriesOfSubscription
SELECT (SELECT COUNT(*) FROM deliveries WHERE state = 0 AND subscription_id = @id) AS Pending,
       (SELECT COUNT(*) FROM deliveries WHERE state = 1 AND subscription_id = @id) AS Leased,
       (SELECT COUNT(*) FROM deliveries WHERE state = 3 AND subscription_id = @id) AS DeadLettered;
