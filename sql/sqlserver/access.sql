-- API keys, as every node caches them. Whoever changes one raises the registry's version in the same transaction.

-- name: ListApiKeys
SELECT id, producer_id AS ProducerId, key_hash AS KeyHash, created_at AS CreatedAt
FROM dbo.api_keys
ORDER BY created_at, id;

-- name: AddApiKey
INSERT INTO dbo.api_keys (id, producer_id, key_hash, created_at) VALUES (@id, @producerId, @keyHash, @now);

-- name: DeleteProducerKey
DELETE FROM dbo.api_keys WHERE id = @id AND producer_id = @producerId;

-- name: DeleteAdminKey
DELETE FROM dbo.api_keys WHERE id = @id AND producer_id IS NULL;
