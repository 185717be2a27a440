-- TxMsg schema 10 on SQLite: what waits to be tried again, oldest first. Among thousands of messages with a delay it would not be seen, and
-- how long a subscription has been stuck would not be known.
CREATE INDEX ix_deliveries_retried ON deliveries (subscription_id, id) WHERE state = 0 AND attempts > 0;
