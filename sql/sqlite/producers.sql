-- Producers: made, changed, their secret rotated.

-- name: FindProducerToChange
SELECT id, name, check_back_url AS CheckBackUrl, check_back_after_ms AS CheckBackAfterMs, max_unknown_answers AS MaxUnknownAnswers,
       give_up_after_ms AS GiveUpAfterMs, secret, previous_secret AS PreviousSecret,
       previous_secret_expires_at AS PreviousSecretExpiresAt, older_secrets AS OlderSecrets, created_at AS CreatedAt, updated_at AS UpdatedAt
FROM producers
WHERE name = @name;

-- name: InsertProducer
INSERT INTO producers (name, check_back_url, check_back_after_ms, max_unknown_answers, give_up_after_ms, secret, created_at, updated_at)
VALUES (@name, @checkBackUrl, @checkBackAfterMs, @maxUnknownAnswers, @giveUpAfterMs, @secret, @now, @now)
ON CONFLICT (name) DO NOTHING;

-- name: UpdateProducer
UPDATE producers
SET check_back_url = @checkBackUrl, check_back_after_ms = @checkBackAfterMs, max_unknown_answers = @maxUnknownAnswers,
    give_up_after_ms = @giveUpAfterMs, updated_at = @now
WHERE name = @name;

-- name: RotateProducerSecret
UPDATE producers
SET older_secrets = @olderSecrets, previous_secret = secret, previous_secret_expires_at = @previousExpiresAt, secret = @secret, updated_at = @now
WHERE name = @name;
