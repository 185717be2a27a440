using NUnit.Framework;

namespace TxMsg.Client.Tests.Consuming;

/// <summary>Says once, in the results, that the inbox was tested on SQLite only.</summary>
public sealed class InboxOnSqlServerIsConfiguredTests
{
    [Test]
    public void Inbox_IsTestedOnSqlServerToo()
    {
        if (AcceptanceTests.Harness.ServerDatabase.Server is null) Assert.Ignore("SQLite only: set TXMSG_TEST_SQLSERVER to a connection string of SQL Server.");
    }
}
