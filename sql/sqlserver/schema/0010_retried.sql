-- TxMsg schema 10 on SQL Server: what waits to be tried again, oldest first. Among thousands of messages with a delay it would not be seen, and
-- how long a subscription has been stuck would not be known. A node of the version before works on beside it.
CREATE NONCLUSTERED INDEX ix_deliveries_retried ON dbo.deliveries (subscription_id, id) INCLUDE (state, attempts) WHERE state = 0 AND attempts > 0;
