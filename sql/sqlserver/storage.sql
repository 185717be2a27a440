-- Connections, schema versions, counters, the registry's version, the key ring.
-- Transactions are the provider's: no statements begin or end them here.

-- Whoever waits for a lock longer than this is told so and tries again; an error ends the whole transaction.
-- name: ConfigureConnection
SET NOCOUNT OFF;
SET XACT_ABORT ON;
SET LOCK_TIMEOUT 10000;

-- The committer's own connection: while it waits for a lock, everybody waits for it.
-- name: ConfigureWriter
SET LOCK_TIMEOUT 1000;

-- While it looks for what cannot be written.
-- name: HurryWriter
SET LOCK_TIMEOUT 200;

-- name: DescribeServer
SELECT CAST(@@VERSION AS nvarchar(400)) AS Product, CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128)) AS Version;

-- The answer is below zero when the lock was not to be had in time.
-- name: TakeMigrationLock
DECLARE @result int;
EXEC @result = sp_getapplock @Resource = N'txmsg_migration', @LockMode = N'Exclusive', @LockOwner = N'Session', @LockTimeout = @timeoutMs;
SELECT @result AS Result;

-- A script locks whole tables, and whoever comes while it waits for one waits behind it: other nodes at work. It tries again instead.
-- name: ConfigureMigration
SET LOCK_TIMEOUT 3000;

-- name: ReleaseMigrationLock
EXEC sp_releaseapplock @Resource = N'txmsg_migration', @LockOwner = N'Session';

-- name: CreateSchemaVersions
IF OBJECT_ID(N'dbo.schema_versions', N'U') IS NULL
    CREATE TABLE dbo.schema_versions (
        version     int NOT NULL CONSTRAINT pk_schema_versions PRIMARY KEY CLUSTERED,
        name        nvarchar(200) NOT NULL,
        checksum    nvarchar(64) NOT NULL,
        applied_at  bigint NOT NULL
    );

-- name: ListSchemaVersions
SELECT version, name, checksum FROM dbo.schema_versions ORDER BY version;

-- name: AddSchemaVersion
INSERT INTO dbo.schema_versions (version, name, checksum, applied_at) VALUES (@version, @name, @checksum, @appliedAt);

-- The shard is the connection's, so that nodes rarely wait for each other. First the row, then the sum: the other way round
-- a delta would be lost where two connections of a shard make the row at once. (A duplicate key is tried again.)
-- name: AddToCounter
INSERT INTO dbo.counters (shard, name, value)
SELECT @@SPID % 64, r.name, 0
FROM @rows AS r
WHERE NOT EXISTS (SELECT 1 FROM dbo.counters AS c WHERE c.shard = @@SPID % 64 AND c.name = r.name);
UPDATE dbo.counters WITH (ROWLOCK)
SET value = counters.value + r.delta
FROM @rows AS r
WHERE counters.shard = @@SPID % 64 AND counters.name = r.name;

-- name: ReadCounters
SELECT name, SUM(value) AS value FROM dbo.counters GROUP BY name;

-- name: ReadRegistryVersion
SELECT version FROM dbo.registry;

-- Never one that was there before, even where the last changes were lost, by a fail-over to a replica that lagged behind or by an older backup.
-- name: RaiseRegistryVersion
UPDATE dbo.registry SET version = CASE WHEN version < @now THEN @now ELSE version + 1 END;

-- name: ListDataProtectionKeys
SELECT xml FROM dbo.data_protection_keys ORDER BY name;

-- name: AddDataProtectionKey
UPDATE dbo.data_protection_keys SET xml = @xml WHERE name = @name;
IF @@ROWCOUNT = 0 INSERT INTO dbo.data_protection_keys (name, xml) VALUES (@name, @xml);
