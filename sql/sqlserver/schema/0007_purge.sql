-- TxMsg schema 7 on SQL Server: a purge that holds up nobody. A node of the version before works on beside it.

-- Dead letters by their age: those that are still to be kept are not looked at, and not locked.
CREATE NONCLUSTERED INDEX ix_deliveries_dead_finished ON dbo.deliveries (finished_at) INCLUDE (state) WHERE state = 3;
GO
-- 100 messages may have thousands of these, and they go in one statement; nobody is to wait for a whole table. After the index, which
-- may take long: these lock their tables whole until the script ends.
ALTER TABLE dbo.check_backs SET (LOCK_ESCALATION = DISABLE);
ALTER TABLE dbo.delivery_attempts SET (LOCK_ESCALATION = DISABLE);
ALTER TABLE dbo.operator_actions SET (LOCK_ESCALATION = DISABLE);
