-- TxMsg schema 2 on SQL Server: roles of admin keys, and everything that people do kept where it is found again.

-- A viewer's key has producer_id 0, which is no producer's: a node of the version before, which knows no roles, then takes it
-- for nobody's and not for an operator's.
ALTER TABLE dbo.api_keys ADD role int NOT NULL CONSTRAINT df_api_keys_role DEFAULT 0; -- 0 operator, 1 viewer
ALTER TABLE dbo.api_keys ADD name nvarchar(128) NULL; -- what people call it

-- What was done to a producer, a subscription or a key has no message, and stays.
ALTER TABLE dbo.operator_actions ADD detail nvarchar(4000) NULL; -- what has no column of its own; never a secret
GO
CREATE NONCLUSTERED INDEX ix_operator_actions_at ON dbo.operator_actions (at);
CREATE NONCLUSTERED INDEX ix_operator_actions_actor ON dbo.operator_actions (actor, at);
CREATE NONCLUSTERED INDEX ix_operator_actions_action ON dbo.operator_actions (action, at);
CREATE NONCLUSTERED INDEX ix_operator_actions_subscription ON dbo.operator_actions (subscription_id, at) WHERE subscription_id IS NOT NULL;
CREATE NONCLUSTERED INDEX ix_operator_actions_producer ON dbo.operator_actions (producer_id, at) WHERE producer_id IS NOT NULL;
