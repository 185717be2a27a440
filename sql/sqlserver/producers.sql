-- Producers: made, changed, their secret rotated.

-- The range lock keeps another node from making the same name until this transaction ends.
-- name: FindProducerToChange
SELECT id, name, check_back_url AS CheckBackUrl, check_back_after_ms AS CheckBackAfterMs, max_unknown_answers AS MaxUnknownAnswers,
       give_up_after_ms AS GiveUpAfterMs, secret, previous_secret AS PreviousSecret,
       previous_secret_expires_at AS PreviousSecretExpiresAt, older_secrets AS OlderSecrets, created_at AS CreatedAt, updated_at AS UpdatedAt
FROM dbo.producers WITH (UPDLOCK, HOLDLOCK)
WHERE name = @name;

-- The range lock keeps another node from making the same name between the look and the insert.
-- name: InsertProducer
INSERT INTO dbo.producers (name, check_back_url, check_back_after_ms, max_unknown_answers, give_up_after_ms, secret, created_at, updated_at)
SELECT @name, @checkBackUrl, @checkBackAfterMs, @maxUnknownAnswers, @giveUpAfterMs, @secret, @now, @now
WHERE NOT EXISTS (SELECT 1 FROM dbo.producers AS p WITH (UPDLOCK, HOLDLOCK) WHERE p.name = @name);

-- name: UpdateProducer
UPDATE dbo.producers
SET check_back_url = @checkBackUrl, check_back_after_ms = @checkBackAfterMs, max_unknown_answers = @maxUnknownAnswers,
    give_up_after_ms = @giveUpAfterMs, updated_at = @now
WHERE name = @name;

-- name: RotateProducerSecret
UPDATE dbo.producers
SET older_secrets = @olderSecrets, previous_secret = secret, previous_secret_expires_at = @previousExpiresAt, secret = @secret, updated_at = @now
WHERE name = @name;
