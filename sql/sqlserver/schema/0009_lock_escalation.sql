-- TxMsg schema 9 on SQL Server: 100 messages may have thousands of check-backs, attempts and actions, and they are purged in one statement;
-- nobody is to wait for a whole table. Apart from the index of schema 7, whose making takes long: these lock their tables whole.
ALTER TABLE dbo.check_backs SET (LOCK_ESCALATION = DISABLE);
ALTER TABLE dbo.delivery_attempts SET (LOCK_ESCALATION = DISABLE);
ALTER TABLE dbo.operator_actions SET (LOCK_ESCALATION = DISABLE);
