using TxMsg.Client.Local;

namespace TxMsg.Client.Tests.Producing.LocalMessages;

/// <summary>The local message table as it was before its rows said whose they are: services have it in their databases.</summary>
internal static class EarlierLocalMessageTable
{
    private const string Sqlite = """
        CREATE TABLE txmsg_local_messages (
            seq           INTEGER PRIMARY KEY AUTOINCREMENT,
            id            BLOB NOT NULL UNIQUE,
            state         INTEGER NOT NULL,
            due_at        INTEGER NOT NULL,
            lease_token   INTEGER NULL,
            failures      INTEGER NOT NULL,
            last_status   INTEGER NULL,
            last_error    TEXT NULL,
            enqueued_at   INTEGER NOT NULL,
            finished_at   INTEGER NULL,
            reason        TEXT NULL,
            topic         TEXT NOT NULL,
            message_key   TEXT NULL,
            tag           TEXT NULL,
            ordering_key  TEXT NULL,
            content_type  TEXT NOT NULL,
            delay_ms      INTEGER NULL,
            trace_parent  TEXT NULL,
            headers       TEXT NULL,
            payload       BLOB NOT NULL
        );
        CREATE INDEX ix_txmsg_local_messages_sending ON txmsg_local_messages (seq, due_at, ordering_key) WHERE state = 0;
        CREATE INDEX ix_txmsg_local_messages_ordered ON txmsg_local_messages (ordering_key, seq, state, due_at, lease_token)
            WHERE ordering_key IS NOT NULL AND state IN (0, 2);
        CREATE INDEX ix_txmsg_local_messages_leased ON txmsg_local_messages (lease_token, seq) WHERE state = 0 AND lease_token IS NOT NULL;
        CREATE INDEX ix_txmsg_local_messages_failed ON txmsg_local_messages (seq, state) WHERE state = 2;
        CREATE INDEX ix_txmsg_local_messages_finished ON txmsg_local_messages (finished_at) WHERE state IN (1, 3);
        """;

    private const string SqlServer = """
        CREATE TABLE dbo.txmsg_local_messages (
            seq           bigint IDENTITY(1, 1) NOT NULL CONSTRAINT pk_txmsg_local_messages PRIMARY KEY CLUSTERED,
            id            binary(16) NOT NULL CONSTRAINT ux_txmsg_local_messages_id UNIQUE,
            state         tinyint NOT NULL,
            due_at        bigint NOT NULL,
            lease_token   bigint NULL,
            failures      int NOT NULL,
            last_status   int NULL,
            last_error    nvarchar(1000) NULL,
            enqueued_at   bigint NOT NULL,
            finished_at   bigint NULL,
            reason        nvarchar(1000) NULL,
            topic         nvarchar(256) NOT NULL,
            message_key   nvarchar(256) NULL,
            tag           nvarchar(256) NULL,
            ordering_key  nvarchar(256) COLLATE Latin1_General_100_BIN2 NULL,
            content_type  nvarchar(256) NOT NULL,
            delay_ms      bigint NULL,
            trace_parent  nvarchar(64) NULL,
            headers       nvarchar(max) NULL,
            payload       varbinary(max) NOT NULL
        );
        CREATE NONCLUSTERED INDEX ix_txmsg_local_messages_sending ON dbo.txmsg_local_messages (seq)
            INCLUDE (state, due_at, lease_token, ordering_key) WHERE state = 0;
        CREATE NONCLUSTERED INDEX ix_txmsg_local_messages_ordered ON dbo.txmsg_local_messages (ordering_key, seq)
            INCLUDE (state, due_at, lease_token) WHERE ordering_key IS NOT NULL AND state IN (0, 2);
        CREATE NONCLUSTERED INDEX ix_txmsg_local_messages_leased ON dbo.txmsg_local_messages (lease_token, seq)
            INCLUDE (state, ordering_key) WHERE state = 0 AND lease_token IS NOT NULL;
        CREATE NONCLUSTERED INDEX ix_txmsg_local_messages_failed ON dbo.txmsg_local_messages (seq) INCLUDE (state) WHERE state = 2;
        CREATE NONCLUSTERED INDEX ix_txmsg_local_messages_finished ON dbo.txmsg_local_messages (finished_at)
            INCLUDE (state) WHERE state IN (1, 3);
        """;

    public static string ScriptOf(SqlDialect dialect) => dialect == SqlDialect.Sqlite ? Sqlite : SqlServer;

    /// <summary>What a service of that version runs to enqueue.</summary>
    public const string Insert = """
        INSERT INTO txmsg_local_messages (id, state, due_at, failures, enqueued_at, topic, ordering_key, content_type, payload)
        VALUES (@id, @state, 0, 0, 0, 'orders', @orderingKey, 'application/json', @id);
        """;
}
