using System.Text.RegularExpressions;
using Dapper;
using TxMsg.Server.Storage;

namespace TxMsg.Stores.Tests;

/// <summary>Every statement with parameters of its own runs on its database: what no other test happens to reach is at least well-formed there.
/// (Those that take a set of rows run in the other tests.)</summary>
public sealed partial class StatementTests(StoreProvider provider) : StoreFixture(provider)
{
    // How a connection, a transaction or a lock is made ready.
    private static readonly string[] OfConnections =
        ["InitializeDatabase", "ConfigureConnection", "ConfigureWriter", "CheckIntegrity", "BeginTransaction", "CommitTransaction", "RollbackTransaction", "TakeMigrationLock", "ConfigureMigration",
         "ReleaseMigrationLock"];

    private static readonly string[] Texts =
        ["name", "topic", "endpoint", "tags", "retrySchedule", "secret", "checkBackUrl", "reason", "actor", "action", "xml", "key", "tag", "kind", "subject", "detail", "checksum", "producer"];

    [TestCaseSource(nameof(Names))]
    public async Task Statement_Runs(string name)
    {
        if (!Node.Database.Sql.Names.Contains(name) || IsOfASet(name)) return;
        var parameters = new DynamicParameters();
        foreach (var parameter in Parameter().Matches(Node.Database.Sql[name]).Select(match => match.Groups[1].Value).Distinct())
            parameters.Add(parameter, ValueOf(name, parameter));
        // Rolled back by its own exception: the database is the other statements' too.
        var running = () => Node.Database.WriteAsync(async connection =>
        {
            await connection.QueryAsync<dynamic>(name, parameters);
            throw new OperationCanceledException();
        });
        await running.Should().ThrowAsync<OperationCanceledException>();
    }

    private static object? ValueOf(string statement, string parameter) => parameter switch
    {
        "seqs" or "ids" => new long[] { 1, 2 },
        "id" when statement.Contains("Key", StringComparison.Ordinal) => "id",
        "id" when statement.Contains("Subscription", StringComparison.Ordinal) => 1L,
        "id" => new byte[16],
        "kind" when statement.Contains("Bulk", StringComparison.Ordinal) => 1,
        "keyHash" => new byte[32],
        "state" => 0,
        "limit" or "timeoutMs" or "ordered" or "clearing" or "delta" => 1,
        "version" => 9999,
        _ when Texts.Contains(parameter, StringComparer.Ordinal) => "[]",
        _ => 1L,
    };

    private bool IsOfASet(string name) =>
        Node.Database.Sql[name].Contains("@rows", StringComparison.Ordinal) || Snake().IsMatch(Node.Database.Sql[name]);

    private static IEnumerable<string> Names() =>
        SqlCatalogue.Load("sqlite").Names.Union(SqlCatalogue.Load("sqlserver").Names).Except(OfConnections).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"(?<!@)@(\w+)")]
    private static partial Regex Parameter();

    // The parameters of a set's row are its columns.
    [GeneratedRegex(@"(?<!@)@\w+_\w+")]
    private static partial Regex Snake();
}
