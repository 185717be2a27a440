namespace TxMsg.AcceptanceTests.Documentation;

/// <summary>The clone that these tests were built in.</summary>
public static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(Path.GetDirectoryName(ServerProcess.Dll)!));

    public static string Readme => Path.Combine(Root, "README.md");

    private static string Find(DirectoryInfo folder) =>
        File.Exists(Path.Combine(folder.FullName, "TxMsg.sln")) ? folder.FullName : Find(folder.Parent!);
}
