namespace TxMsg.AcceptanceTests.Harness;

/// <summary>Which stores this run of the suite is for. SQL Server joins when its connection string is given; its absence
/// is shown by one labelled skip (<c>When_SQL_Server_is_configured</c>) rather than by every test twice.</summary>
public static class TestStores
{
    public const string NotConfigured = "TXMSG_TEST_SQLSERVER is not set: SQL Server runs are skipped";

    public static IEnumerable<StoreKind> Configured =>
        ServerDatabase.Server is null ? [StoreKind.Sqlite] : [StoreKind.Sqlite, StoreKind.SqlServer];

    public static async Task<ITestStore> CreateAsync(StoreKind kind) =>
        kind == StoreKind.Sqlite ? new SqliteTestStore() : await SqlServerTestStore.CreateAsync();
}
