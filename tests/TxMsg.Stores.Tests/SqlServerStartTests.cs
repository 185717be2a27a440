using TxMsg.Server.Storage;
using TxMsg.Server.Storage.SqlServer;

namespace TxMsg.Stores.Tests;

/// <summary>What an operator reads when the configured server cannot be used; the number of an error decides what is done about it.</summary>
public sealed class SqlServerStartTests
{
    [TestCase("Foo=1", "*is not a connection string for SQL Server*")]
    [TestCase("Server=db;User ID=sa;Password=secret", "*names no database*")]
    [TestCase("Server=db;Database=txmsg;User ID=sa;Password=secret;ApplicationIntent=ReadOnly", "*ApplicationIntent=ReadOnly*")]
    public void ConnectionString_ThatIsNone_IsRefusedWithoutItsPassword(string connectionString, string message)
    {
        var opening = () => new SqlServerDatabase(connectionString);
        opening.Should().Throw<StoreStartException>().WithMessage(message).Which.Message.Should().NotContain("secret");
    }

    [Test]
    public void DisplayName_ShowsServerAndDatabaseOnly()
    {
        var database = new SqlServerDatabase("Server=db.example,1433;Database=messages;User ID=app;Password=secret");
        database.DisplayName.Should().Be("SQL Server db.example,1433, database messages");
    }

    [TestCase("Microsoft SQL Server 2016 (SP3) - 13.0.6300.2 (X64)", "13.0.6300.2", false)]
    [TestCase("Microsoft SQL Server 2017 (RTM) - 14.0.1000.169 (X64)", "14.0.1000.169", true)]
    [TestCase("Microsoft SQL Server 2025 (RTM) - 17.0.1000.7 (X64)", "17.0.1000.7", true)]
    [TestCase("Microsoft SQL Azure (RTM) - 12.0.2000.8", "12.0.2000.8", true)]
    [TestCase("A compatible TDS server", "12.0.2000.8", true)]
    public void Version_OlderThan2017_IsRefused(string product, string version, bool accepted)
    {
        var checking = () => SqlServerStart.CheckVersion(new SqlServerStart.ServerDescription { Product = product, Version = version });
        if (accepted) checking.Should().NotThrow();
        else checking.Should().Throw<StoreStartException>().WithMessage("*needs SQL Server 2017 or later*");
    }

    [TestCase("Server=127.0.0.1,1;Database=nowhere;User ID=app;Password=secret;Encrypt=False;Connect Timeout=2", "SQL Server 127.0.0.1,1 cannot be reached*")]
    public async Task Server_ThatDoesNotAnswer_IsNamedInOneLine(string connectionString, string message)
    {
        await using var database = new SqlServerDatabase(connectionString);
        var starting = () => database.InitializeAsync(CancellationToken.None);
        var line = (await starting.Should().ThrowAsync<StoreStartException>()).WithMessage("*").Which.Message;
        if (!line.StartsWith("SQL Server cannot be used here", StringComparison.Ordinal)) line.Should().Match(message);
        line.Should().NotContain("secret").And.NotContain("\n");
    }
}
