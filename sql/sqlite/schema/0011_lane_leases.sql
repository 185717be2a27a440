-- TxMsg schema 11 on SQLite: nothing; it needs no types of rows. The number is that of SQL Server's script.
SELECT 1;
