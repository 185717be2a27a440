-- TxMsg schema 6 on SQL Server: a checksum of what a producer sent, as on SQLite; the server's own page checksums find most damage
-- before. NULL in the rows of the version before, whose nodes go on writing none with their own type.
ALTER TABLE dbo.message_contents ADD checksum bigint NULL;
GO
CREATE TYPE dbo.checked_content_rows AS TABLE (
    ordinal int NOT NULL PRIMARY KEY,
    message_seq bigint NOT NULL,
    content_type nvarchar(256) NULL,
    headers nvarchar(max) NULL,
    payload varbinary(max) NULL,
    checksum bigint NULL
);
