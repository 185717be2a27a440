namespace TxMsg.AcceptanceTests.Harness;

/// <summary>An empty store for one fixture; disposing it removes it.</summary>
public interface ITestStore : IAsyncDisposable
{
    /// <summary>What a coordinator must be told to use it.</summary>
    Settings Settings { get; }
}
