using System.Net;
using System.Net.Sockets;

namespace TxMsg.AcceptanceTests.Startup;

public sealed class When_it_cannot_start
{
    [Test]
    public async Task ATakenPort_GetsOneClearLine()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        await ShouldFailAsync(OnPort(port), $"{port}");
    }

    [Test]
    public async Task AFolderThatCannotBeWritten_GetsOneClearLine()
    {
        // below a file there can be no folder, not even for root
        var settings = OnAnyPort().With("TxMsg:Store:ConnectionString", "Data Source=/proc/version/data/txmsg.db");

        await ShouldFailAsync(settings, "/proc/version/data");
    }

    [TestCase("Data Source=.")]
    [TestCase("Data Source=:memory:")]
    [TestCase("Data Source=there.db;Mode=Memory")]
    public async Task ADatabaseThatIsNoFile_GetsOneClearLine(string connectionString)
    {
        await ShouldFailAsync(OnAnyPort().With("TxMsg:Store:ConnectionString", connectionString), "TxMsg:Store:ConnectionString");
    }

    [TestCase("TxMsg:CheckBacks:SweepInterval", "often")]
    [TestCase("TxMsg:CheckBacks:SweepInterval", "-00:00:05")]
    [TestCase("TxMsg:CheckBacks:CheckBackAfter", "-00:00:01")]
    [TestCase("TxMsg:CheckBacks:MaxUnknownAnswers", "0")]
    [TestCase("TxMsg:CheckBacks:Timeout", "00:00:00")]
    [TestCase("TxMsg:Deliveries:Lease", "00:00:00")]
    [TestCase("TxMsg:Deliveries:MaxConcurrencyPerSubscription", "0")]
    [TestCase("TxMsg:Deliveries:RetryScheduleSeconds:0", "-1")]
    [TestCase("TxMsg:Retention:SweepInterval", "00:00:00")]
    [TestCase("TxMsg:Limits:MaxPayloadBytes", "0")]
    [TestCase("TxMsg:Limits:WriteQueueLength", "none")]
    [TestCase("TxMsg:Store:Provider", "Oracle")]
    [TestCase("TxMsg:Jobs:Storage", "Paper")]
    [TestCase("TxMsg:Access:Mode", "Open")]
    [TestCase("TxMsg:Webhooks:AllowedNetworks:0", "everything")]
    public async Task AWrongValue_IsNamed(string key, string value)
    {
        await ShouldFailAsync(OnAnyPort().With(key, value), key);
    }

    [Test]
    public async Task ADeclaredProducerThatIsWrong_IsNamed()
    {
        var settings = OnAnyPort()
            .With("TxMsg:Producers:0:Name", "shop")
            .With("TxMsg:Producers:0:CheckBackUrl", "nowhere");

        await ShouldFailAsync(settings, "CheckBackUrl");
    }

    [Test]
    public async Task KeysWithoutAnAdminKey_AreRefused()
    {
        await ShouldFailAsync(OnAnyPort().With("TxMsg:Access:Mode", "ApiKeys"), "TxMsg:Access:AdminKey");
    }

    [Test]
    public async Task ADatabaseNewerThanTheServer_IsRefusedAndUntouched()
    {
        using var folder = new TestFolder();
        await MigrateAsync(folder);
        await SchemaVersion.RaiseAsync(folder.File("data/txmsg.db"));

        using var server = await ServerProcess.RunToEndAsync(folder.Path, OnAnyPort());

        ShouldSayOneLine(server, "newer");
    }

    [Test]
    public async Task Help_ShowsHowToConfigureIt()
    {
        using var folder = new TestFolder();

        using var server = await ServerProcess.RunToEndAsync(folder.Path, Settings.None, "--help");

        server.ExitCode.Should().Be(0);
        server.Log.Should().Contain("TxMsg:Store:Provider").And.Contain("--Urls");
        Directory.EnumerateFileSystemEntries(folder.Path).Should().BeEmpty("asking for help changes nothing");
    }

    private static Settings OnPort(int port) => Settings.None.With("Urls", $"http://127.0.0.1:{port}");

    private static Settings OnAnyPort() => OnPort(FreePort.Find());

    private static async Task ShouldFailAsync(Settings settings, string named)
    {
        using var folder = new TestFolder();
        using var server = await ServerProcess.RunToEndAsync(folder.Path, settings);
        ShouldSayOneLine(server, named);
    }

    /// <summary>An operator sees one line on stderr that names the cause, and no stack trace anywhere.</summary>
    private static void ShouldSayOneLine(ServerProcess server, string named)
    {
        server.ExitCode.Should().NotBe(0);
        server.Error.Where(line => line.Length > 0).Should().ContainSingle("one clear line is enough: {0}", server.Log)
            .Which.Should().Contain(named);
        server.Log.Should().NotContain("   at ", "a stack trace tells an operator nothing");
    }

    private static async Task MigrateAsync(TestFolder folder)
    {
        using var server = ServerProcess.Start(folder.Path, OnAnyPort());
        await Eventually.HoldsAsync(() => server.Log.Should().Contain("http://127.0.0.1:", "it prints its addresses when it is up"));
        await server.TerminateAsync();
    }
}
