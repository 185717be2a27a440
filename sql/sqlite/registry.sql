-- Producers and subscriptions, as every node caches them.

-- name: ListProducers
SELECT id, name, check_back_url AS CheckBackUrl, check_back_after_ms AS CheckBackAfterMs, max_unknown_answers AS MaxUnknownAnswers,
       give_up_after_ms AS GiveUpAfterMs, secret, previous_secret AS PreviousSecret,
       previous_secret_expires_at AS PreviousSecretExpiresAt, older_secrets AS OlderSecrets, created_at AS CreatedAt, updated_at AS UpdatedAt
FROM producers
ORDER BY name;

-- name: ListSubscriptions
SELECT id, name, topic, endpoint, tags, ordered, max_concurrency AS MaxConcurrency, timeout_ms AS TimeoutMs,
       retry_schedule AS RetrySchedule, secret, previous_secret AS PreviousSecret,
       previous_secret_expires_at AS PreviousSecretExpiresAt, older_secrets AS OlderSecrets, state, paused_reason AS PausedReason,
       created_at AS CreatedAt, updated_at AS UpdatedAt
FROM subscriptions
WHERE state IN (0, 1)
ORDER BY name;
