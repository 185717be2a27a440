-- The inbox: which deliveries a consumer has handled.

-- Table and index are looked for one by one: an instance may have ended between the two. Of two instances that start together one may
-- be told that they are there already (2714, 1913): it runs this again.
-- name: CreateInboxTable
IF OBJECT_ID(N'dbo.txmsg_inbox', N'U') IS NULL
    CREATE TABLE dbo.txmsg_inbox (
        message_id   binary(16) NOT NULL,
        subscription nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
        handled_at   bigint NOT NULL,
        CONSTRAINT pk_txmsg_inbox PRIMARY KEY CLUSTERED (message_id, subscription)
    );
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.txmsg_inbox', N'U') AND type = 2 AND is_primary_key = 0)
    CREATE NONCLUSTERED INDEX ix_txmsg_inbox_handled_at ON dbo.txmsg_inbox (handled_at);

-- The key, not a look beforehand, tells a duplicate: so it is right under every isolation level. An insert waits for another one
-- of the same key to commit or roll back; after a second (1222) the caller asks again. What is set in a batch with parameters is
-- restored at its end.
-- name: InsertInboxRow
SET LOCK_TIMEOUT 1000;
INSERT INTO dbo.txmsg_inbox (message_id, subscription, handled_at) VALUES (@message_id, @subscription, @handled_at);

-- Counted, whatever the server's default of NOCOUNT is.
-- name: DeleteOldInboxRows
SET NOCOUNT OFF;
DELETE TOP (@limit) FROM dbo.txmsg_inbox WITH (ROWLOCK) WHERE handled_at < @before;

-- Looks for what is never there, so that no delivery in flight holds it up.
-- name: ProbeInbox
SELECT COUNT(*) FROM dbo.txmsg_inbox WHERE message_id = 0x AND subscription = N'';
