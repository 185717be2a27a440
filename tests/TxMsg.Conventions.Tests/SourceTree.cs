namespace TxMsg.Conventions.Tests;

/// <summary>The checkout that these tests were built from.</summary>
internal static class SourceTree
{
    public static string Root { get; } = FindRoot();

    /// <summary>The C# files below a folder of the checkout, by their path in it.</summary>
    public static IEnumerable<SourceFile> CSharp(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(path => new SourceFile(Path.GetRelativePath(Root, path).Replace('\\', '/'), path))
            .Where(file => !file.Path.Contains("/obj/", StringComparison.Ordinal) && !file.Path.Contains("/bin/", StringComparison.Ordinal))
            .OrderBy(file => file.Path, StringComparer.Ordinal);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "TxMsg.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the checkout.");
    }
}

/// <summary>A file of the checkout.</summary>
internal sealed record SourceFile(string Path, string FullPath)
{
    public string[] Lines => File.ReadAllLines(FullPath);

    public string Text => File.ReadAllText(FullPath);

    public override string ToString() => Path;
}
