-- TxMsg schema 5 on SQL Server: what one node at a time does for all. Only a new table: a node of the version before works on beside it.

CREATE TABLE dbo.sweep_leases (
    name        nvarchar(64) NOT NULL CONSTRAINT pk_sweep_leases PRIMARY KEY CLUSTERED,
    lease_token bigint NULL,                                                           -- of the node that is at it
    lease_until bigint NOT NULL CONSTRAINT df_sweep_leases_lease_until DEFAULT 0,
    begun_at    bigint NOT NULL CONSTRAINT df_sweep_leases_begun_at DEFAULT 0          -- the last one
);
INSERT INTO dbo.sweep_leases (name) VALUES (N'purge');
