-- TxMsg schema 9 on SQLite: nothing; it has one writer and no locks of rows. The number is that of SQL Server's script.
SELECT 1;
