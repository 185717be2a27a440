namespace TxMsg.AcceptanceTests.Harness;

/// <summary>The default store: nothing is configured, so the file appears under the coordinator's own working directory.</summary>
public sealed class SqliteTestStore : ITestStore
{
    public Settings Settings => Settings.None;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
