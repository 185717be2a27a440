namespace TxMsg.AcceptanceTests.Harness;

/// <summary>A store in a database of its own on the server.</summary>
public sealed class SqlServerTestStore : ITestStore
{
    private readonly ServerDatabase database;

    private SqlServerTestStore(ServerDatabase database) => this.database = database;

    public Settings Settings => Settings.None
        .With("TxMsg:Store:Provider", "SqlServer")
        .With("TxMsg:Store:ConnectionString", database.ConnectionString)
        .With("TxMsg:Jobs:Storage", Environment.GetEnvironmentVariable("TXMSG_TEST_JOBS_STORAGE") ?? "InMemory");

    public static async Task<SqlServerTestStore> CreateAsync() => new(await ServerDatabase.CreateAsync());

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
