-- The inbox: which deliveries a consumer has handled.

-- name: CreateInboxTable
CREATE TABLE IF NOT EXISTS txmsg_inbox (
    message_id   BLOB NOT NULL,
    subscription TEXT NOT NULL,
    handled_at   INTEGER NOT NULL,
    PRIMARY KEY (message_id, subscription)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS ix_txmsg_inbox_handled_at ON txmsg_inbox (handled_at);

-- One transaction writes at a time: the wait for another is over before this statement.
-- name: InsertInboxRow
INSERT INTO txmsg_inbox (message_id, subscription, handled_at) VALUES (@message_id, @subscription, @handled_at);

-- name: DeleteOldInboxRows
DELETE FROM txmsg_inbox
WHERE (message_id, subscription) IN (SELECT message_id, subscription FROM txmsg_inbox WHERE handled_at < @before ORDER BY handled_at LIMIT @limit);

-- Looks for what is never there, as on SQL Server.
-- name: ProbeInbox
SELECT COUNT(*) FROM txmsg_inbox WHERE message_id = x'' AND subscription = '';
