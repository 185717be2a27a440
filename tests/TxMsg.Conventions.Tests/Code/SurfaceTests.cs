using System.Reflection;

namespace TxMsg.Conventions.Tests.Code;

/// <summary>What the packages show to their users changes only where somebody looks at it.</summary>
public sealed class SurfaceTests
{
    private const string Approve = "TXMSG_APPROVE_SURFACE";

    [TestCase("TxMsg.Contracts")]
    [TestCase("TxMsg.Client")]
    [TestCase("TxMsg.Client.AspNetCore")]
    [TestCase("TxMsg.Client.EntityFrameworkCore")]
    public void Surface_IsTheApprovedOne(string package)
    {
        var file = Path.Combine(SourceTree.Root, "tests/TxMsg.Conventions.Tests/Approved", package + ".txt");
        var now = PublicSurface.Of(Assembly.Load(package));
        if (Environment.GetEnvironmentVariable(Approve) == "1") File.WriteAllText(file, now);

        var approved = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";

        var difference = now.Split('\n').Except(approved.Split('\n')).Select(line => "+ " + line)
            .Concat(approved.Split('\n').Except(now.Split('\n')).Select(line => "- " + line));
        Assert.That(now, Is.EqualTo(approved), string.Join('\n', difference)
            + $"\nIf the change is meant, run these tests once with {Approve}=1, look at what changed in {Path.GetRelativePath(SourceTree.Root, file)}, and commit it.");
    }
}
