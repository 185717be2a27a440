using TxMsg.AcceptanceTests.Harness;

namespace TxMsg.Stores.Tests;

/// <summary>Says once, in the results, that half of the suite did not run.</summary>
public sealed class SqlServerIsConfiguredTests
{
    [Test]
    public void SqlServer_IsTestedToo()
    {
        if (ServerDatabase.Server is null) Assert.Ignore($"SQLite only: {ServerDatabase.Variable} holds no connection string of SQL Server.");
    }
}
