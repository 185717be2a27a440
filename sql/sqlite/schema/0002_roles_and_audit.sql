-- TxMsg schema 2 on SQLite: roles of admin keys, and everything that people do kept where it is found again.

-- A viewer's key has producer_id 0, which is no producer's: a node of the version before, which knows no roles, then takes it
-- for nobody's and not for an operator's.
ALTER TABLE api_keys ADD COLUMN role INTEGER NOT NULL DEFAULT 0; -- 0 operator, 1 viewer
ALTER TABLE api_keys ADD COLUMN name TEXT NULL;                  -- what people call it

-- What was done to a producer, a subscription or a key has no message, and stays.
ALTER TABLE operator_actions ADD COLUMN detail TEXT NULL; -- what has no column of its own; never a secret
CREATE INDEX ix_operator_actions_at ON operator_actions (at);
CREATE INDEX ix_operator_actions_actor ON operator_actions (actor, at);
CREATE INDEX ix_operator_actions_action ON operator_actions (action, at);
CREATE INDEX ix_operator_actions_subscription ON operator_actions (subscription_id, at) WHERE subscription_id IS NOT NULL;
CREATE INDEX ix_operator_actions_producer ON operator_actions (producer_id, at) WHERE producer_id IS NOT NULL;
