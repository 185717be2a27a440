using System.Runtime.Versioning;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Tests.Hosting;

namespace TxMsg.Server.Tests.Access;

public sealed class KeyRingTests
{
    private const string Producer = """{"checkBackUrl":"http://127.0.0.1:9/"}""";

    [Test]
    [Platform(Exclude = "Win")]
    [UnsupportedOSPlatform("windows")]
    public async Task TheKeyRing_IsTheOwnersAlone()
    {
        using var folder = new TestFolder();
        await using var server = await RunningServer.StartAsync(folder);

        File.GetUnixFileMode(folder.Keys).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var key = Directory.EnumerateFiles(folder.Keys).Should().ContainSingle().Subject;
        File.GetUnixFileMode(key).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Test]
    public async Task ARestart_ReadsItsSecrets()
    {
        using var folder = new TestFolder();
        await using (var first = await RunningServer.StartAsync(folder)) await first.JsonAsync("PUT", "/v1/producers/shop", json: Producer);

        await using var second = await RunningServer.StartAsync(folder);

        (await second.JsonAsync("GET", "/v1/producers/shop"))["name"]!.GetValue<string>().Should().Be("shop");
    }

    [Test]
    public async Task ALostKeyRing_IsOneLineThatSaysWhatToDo()
    {
        using var folder = new TestFolder();
        await using (var first = await RunningServer.StartAsync(folder)) await first.JsonAsync("PUT", "/v1/producers/shop", json: Producer);
        Directory.Delete(folder.Keys, recursive: true);

        var line = await RunningServer.FailAsync(folder);

        line.Should().Be($"TxMsg cannot start: A stored signing secret cannot be decrypted: its key is not in the folder {folder.Keys}, or the secret is damaged. "
            + "Restore the keys from the backup that belongs to this database, or the database.");
    }

    [Test]
    public async Task ADamagedKeyRing_IsNamed()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder.Keys);
        await File.WriteAllTextAsync(Path.Combine(folder.Keys, "key-1.xml"), "<key");

        (await RunningServer.FailAsync(folder)).Should().Contain(folder.Keys).And.NotContain("   at ");
    }

    [Test]
    public async Task KeyRingPath_SaysWhereItIs()
    {
        using var folder = new TestFolder();
        var elsewhere = Path.Combine(folder.Path, "elsewhere");
        await using var server = await RunningServer.StartAsync(folder, $"--TxMsg:Access:KeyRingPath={elsewhere}");

        Directory.EnumerateFiles(elsewhere).Should().ContainSingle();
        Directory.Exists(folder.Keys).Should().BeFalse();
    }
}
