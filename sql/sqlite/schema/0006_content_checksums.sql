-- TxMsg schema 6 on SQLite: a checksum of what a producer sent. SQLite checks the shape of its pages, not what stands in them. NULL in
-- the rows of the version before, whose nodes go on writing none.
ALTER TABLE message_contents ADD COLUMN checksum INTEGER NULL;
