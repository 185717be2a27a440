-- API keys, as every node caches them. Whoever changes one raises the registry's version in the same transaction.

-- name: ListApiKeys
SELECT id, producer_id AS ProducerId, key_hash AS KeyHash, role, name, created_at AS CreatedAt
FROM api_keys
ORDER BY created_at, id;

-- name: AddApiKey
INSERT INTO api_keys (id, producer_id, key_hash, role, name, created_at) VALUES (@id, @producerId, @keyHash, @role, @name, @now);

-- name: LockApiKey
SELECT id, producer_id AS ProducerId, key_hash AS KeyHash, role, name, created_at AS CreatedAt
FROM api_keys
WHERE id = @id;

-- name: DeleteApiKey
DELETE FROM api_keys WHERE id = @id;
