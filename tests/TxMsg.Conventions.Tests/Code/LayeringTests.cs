using System.Text.RegularExpressions;

namespace TxMsg.Conventions.Tests.Code;

/// <summary>Nothing below knows what is above it.</summary>
public sealed partial class LayeringTests
{
    // Extensions of another library's types stand in that library's namespace, where its users look for them.
    private static readonly string[] ForeignNamespaces = ["Microsoft.Extensions.DependencyInjection", "Microsoft.AspNetCore.Builder"];

    private static readonly string[] Features =
        ["Transactions", "CheckBacks", "Subscriptions", "Producers", "Deliveries", "DeadLetters", "Retention", "Alerts", "Undecided", "BulkActions", "Jobs", "Dashboard"];

    [TestCase("Storage", "Registry", "Access", "Http", "Webhooks")]
    [TestCase("Webhooks", "Registry", "Access", "Http", "Storage")]
    [TestCase("Registry", "Webhooks")]
    [TestCase("Http")]
    [TestCase("Access")]
    [TestCase("Language", "Registry", "Access", "Http", "Storage", "Webhooks")]
    public void Folder_KnowsNoFeature(string folder, params string[] norThese) =>
        AssertNotUsed($"src/TxMsg.Server/{folder}", [.. Features, .. norThese]);

    [Test]
    public void Features_DoNotKnowTheSchedule()
    {
        foreach (var feature in Features.Except(["Jobs", "Dashboard"]))
            if (Directory.Exists(Path.Combine(SourceTree.Root, "src/TxMsg.Server", feature))) AssertNotUsed($"src/TxMsg.Server/{feature}", "Jobs", "Dashboard");
    }

    [TestCase("src/TxMsg.Contracts")]
    [TestCase("src/TxMsg.Client")]
    [TestCase("src/TxMsg.Client.AspNetCore")]
    [TestCase("src/TxMsg.Client.EntityFrameworkCore")]
    [TestCase("src/TxMsg.Client.Testing")]
    public void Package_KnowsNoServer(string folder) =>
        SourceTree.CSharp(folder).Where(file => file.Text.Contains("TxMsg.Server", StringComparison.Ordinal)).Should().BeEmpty();

    [Test]
    public void Namespaces_AreFolders()
    {
        foreach (var file in SourceTree.CSharp("src"))
            if (Namespace().Match(file.Text) is { Success: true } found && !ForeignNamespaces.Contains(found.Groups[1].Value))
                found.Groups[1].Value.Should().Be(Path.GetDirectoryName(file.Path)!.Replace('\\', '/')["src/".Length..].Replace('/', '.'), file.Path);
    }

    private static void AssertNotUsed(string folder, params string[] namespaces)
    {
        foreach (var file in SourceTree.CSharp(folder))
        foreach (var name in namespaces)
            Regex.IsMatch(file.Text, $@"\bTxMsg\.Server\.{name}\b").Should().BeFalse("{0} must not know {1}", file, name);
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
