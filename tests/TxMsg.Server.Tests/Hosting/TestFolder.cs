namespace TxMsg.Server.Tests.Hosting;

/// <summary>A folder of a test's own, gone afterwards.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("txmsg-").FullName;

    public string Database => System.IO.Path.Combine(Path, "txmsg.db");

    public string Keys => System.IO.Path.Combine(Path, "keys");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
