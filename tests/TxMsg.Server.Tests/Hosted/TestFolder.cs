namespace TxMsg.Server.Tests.Hosted;

/// <summary>A folder that goes with its test.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("txmsg-").FullName;

    public string ConnectionString => $"Data Source={System.IO.Path.Combine(Path, "txmsg.db")}";

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
