-- TxMsg schema 7 on SQL Server: a purge that holds up nobody. A node of the version before works on beside it.

-- Dead letters by their age: those that are still to be kept are not looked at, and not locked.
CREATE NONCLUSTERED INDEX ix_deliveries_dead_finished ON dbo.deliveries (finished_at) INCLUDE (state) WHERE state = 3;
