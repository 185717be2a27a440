-- TxMsg schema 8 on SQL Server: secrets that were rotated more than once within the time that each goes on signing, so that repeating a
-- rotation cuts nobody off. A line each: until when, in milliseconds, a space, and the secret, encrypted. A node of the version before
-- leaves the column alone, and signs with the two newest.
ALTER TABLE dbo.producers ADD older_secrets nvarchar(max) NULL;
ALTER TABLE dbo.subscriptions ADD older_secrets nvarchar(max) NULL;
