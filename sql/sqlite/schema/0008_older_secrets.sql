-- TxMsg schema 8 on SQLite: secrets that were rotated more than once within the time that each goes on signing, so that repeating a
-- rotation cuts nobody off. A line each: until when, in milliseconds, a space, and the secret, encrypted. A node of the version before
-- leaves the column alone, and signs with the two newest.
ALTER TABLE producers ADD COLUMN older_secrets TEXT NULL;
ALTER TABLE subscriptions ADD COLUMN older_secrets TEXT NULL;
