-- Connections, transactions, schema versions, counters, the registry's version, the key ring.

-- name: InitializeDatabase
PRAGMA journal_mode = WAL;

-- The log is copied back by the checkpointer, not in the middle of a commit.
-- name: ConfigureConnection
PRAGMA synchronous = FULL;
PRAGMA cache_size = -4096;
PRAGMA wal_autocheckpoint = 0;
PRAGMA temp_store = MEMORY;

-- The committer's own connection: the pages that are written again and again stay in memory.
-- name: ConfigureWriter
PRAGMA cache_size = -32768;

-- Not the quick check: an index entry that leads nowhere hides a row that is due.
-- name: CheckIntegrity
PRAGMA integrity_check(1);

-- name: BeginTransaction
BEGIN IMMEDIATE;

-- name: CommitTransaction
COMMIT;

-- name: RollbackTransaction
ROLLBACK;

-- name: CreateSchemaVersions
CREATE TABLE IF NOT EXISTS schema_versions (
    version     INTEGER NOT NULL PRIMARY KEY,
    name        TEXT    NOT NULL,
    checksum    TEXT    NOT NULL,
    applied_at  INTEGER NOT NULL
);

-- name: ListSchemaVersions
SELECT version, name, checksum FROM schema_versions ORDER BY version;

-- name: AddSchemaVersion
INSERT INTO schema_versions (version, name, checksum, applied_at) VALUES (@version, @name, @checksum, @appliedAt);

-- name: AddToCounter
INSERT INTO counters (shard, name, value) VALUES (0, @name, @delta)
ON CONFLICT (shard, name) DO UPDATE SET value = value + excluded.value;

-- name: ReadCounters
SELECT name, SUM(value) AS value FROM counters GROUP BY name;

-- name: ReadRegistryVersion
SELECT version FROM registry;

-- Never one that was there before, even where the last changes were lost, by a fail-over to a replica that lagged behind or by an older backup.
-- name: RaiseRegistryVersion
UPDATE registry SET version = MAX(version + 1, @now);

-- name: ListDataProtectionKeys
SELECT xml FROM data_protection_keys ORDER BY name;

-- name: AddDataProtectionKey
INSERT INTO data_protection_keys (name, xml) VALUES (@name, @xml) ON CONFLICT (name) DO UPDATE SET xml = excluded.xml;
