-- The inbox: which deliveries a consumer has handled.

-- Of two instances that start together, the one that comes second finds the table when its own CREATE fails.
-- name: CreateInboxTable
IF OBJECT_ID(N'dbo.txmsg_inbox', N'U') IS NULL
BEGIN
    BEGIN TRY
        CREATE TABLE dbo.txmsg_inbox (
            message_id   binary(16) NOT NULL,
            subscription nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
            handled_at   bigint NOT NULL,
            CONSTRAINT pk_txmsg_inbox PRIMARY KEY CLUSTERED (message_id, subscription),
            INDEX ix_txmsg_inbox_handled_at NONCLUSTERED (handled_at)
        );
    END TRY
    BEGIN CATCH
        IF OBJECT_ID(N'dbo.txmsg_inbox', N'U') IS NULL THROW;
    END CATCH;
END;

-- The key, not a look beforehand, tells a duplicate: so it is right under every isolation level. An insert waits for another one
-- of the same key to commit or roll back. The lock timeout ends with this statement, because it runs by sp_executesql.
-- name: InsertInboxRow
SET LOCK_TIMEOUT @lock_wait_ms;
INSERT INTO dbo.txmsg_inbox (message_id, subscription, handled_at) VALUES (@message_id, @subscription, @handled_at);

-- name: DeleteOldInboxRows
DELETE TOP (@limit) FROM dbo.txmsg_inbox WITH (ROWLOCK) WHERE handled_at < @before;

-- Looks for what is never there, so that no delivery in flight holds it up.
-- name: ProbeInbox
SELECT COUNT(*) FROM dbo.txmsg_inbox WHERE message_id = 0x AND subscription = N'';
