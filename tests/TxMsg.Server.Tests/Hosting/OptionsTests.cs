using FluentAssertions;
using NUnit.Framework;

namespace TxMsg.Server.Tests.Hosting;

public sealed class OptionsTests
{
    [TestCase("TxMsg:Deliveries:Timeout=00:00:00", "TxMsg:Deliveries:Timeout is 00:00:00; it must be from 00:00:00.1 to 00:05:00.")]
    [TestCase("TxMsg:Deliveries:Lease=00:00:00.9", "TxMsg:Deliveries:Lease is 00:00:00.9; it must be from 00:00:01 to 01:00:00.")]
    [TestCase("TxMsg:Deliveries:MaxConcurrencyPerSubscription=0", "TxMsg:Deliveries:MaxConcurrencyPerSubscription is 0; it must be from 1 to 1000.")]
    [TestCase("TxMsg:Deliveries:RetryScheduleSeconds=1,-1", "TxMsg:Deliveries:RetryScheduleSeconds:1 is -1; it must be from 0 to 604800.")]
    [TestCase("TxMsg:Deliveries:RetryScheduleSeconds=1, 2, x", "TxMsg:Deliveries:RetryScheduleSeconds:2 is 'x'; it must be a number.")]
    [TestCase("TxMsg:CheckBacks:SweepInterval=abc", "TxMsg:CheckBacks:SweepInterval is 'abc'; it must be a duration such as 00:00:30 or, with days, 3.00:00:00.")]
    [TestCase("TxMsg:CheckBacks:CheckBackAfter=30", "TxMsg:CheckBacks:CheckBackAfter is '30'; it must be a duration such as 00:00:30 or, with days, 3.00:00:00.")]
    [TestCase("TxMsg:Retention:RolledBackAfter=72:00:00", "TxMsg:Retention:RolledBackAfter is '72:00:00'; it must be a duration such as 00:00:30 or, with days, 3.00:00:00.")]
    [TestCase("TxMsg:CheckBacks:MaxBackoff=00:00:01", "TxMsg:CheckBacks:MaxBackoff is 00:00:01; it must be no shorter than MinBackoff.")]
    [TestCase("TxMsg:CheckBacks:MaxUnknownAnswers=many", "TxMsg:CheckBacks:MaxUnknownAnswers is 'many'; it must be a whole number.")]
    [TestCase("TxMsg:Retention:DeadLetteredAfter=-00:00:01", "TxMsg:Retention:DeadLetteredAfter is -00:00:01; it must be from 00:00:00 to 3650.00:00:00.")]
    [TestCase("TxMsg:Limits:MaxPayloadBytes=67108865", "TxMsg:Limits:MaxPayloadBytes is 67108865; it must be from 1 to 67108864.")]
    [TestCase("TxMsg:Limits:MaxConnections=0", "TxMsg:Limits:MaxConnections is 0; it must be from 1 to 1000000.")]
    [TestCase("TxMsg:Store:Provider=Oracle", "TxMsg:Store:Provider is 'Oracle'; it must be one of Sqlite, SqlServer.")]
    [TestCase("TxMsg:Store:Provider=7", "TxMsg:Store:Provider is '7'; it must be one of Sqlite, SqlServer.")]
    [TestCase("TxMsg:Store:GroupCommit=yes", "TxMsg:Store:GroupCommit is 'yes'; it must be true or false.")]
    [TestCase("TxMsg:Store:Provder=SqlServer", "TxMsg:Store:Provder is not a known key; TxMsg:Store has Provider, ConnectionString, GroupCommit.")]
    [TestCase("TxMsg:Stor:Provider=SqlServer", "TxMsg:Stor is not a known key; TxMsg has ")]
    [TestCase("TxMsg:Deliveries:Timeout:0=00:00:01", "TxMsg:Deliveries:Timeout:0 is not a known key; TxMsg:Deliveries:Timeout has one value.")]
    [TestCase("TxMsg:Jobs:Storage=SqlServer", "TxMsg:Jobs:Storage is SqlServer; that needs TxMsg:Store:Provider=SqlServer.")]
    [TestCase("TxMsg:Access:Mode=Open", "TxMsg:Access:Mode is 'Open'; it must be one of Loopback, ApiKeys.")]
    [TestCase("TxMsg:Access:Mode=ApiKeys", "TxMsg:Access:AdminKey is missing; it must be 16 to 256 visible ASCII characters, best random.")]
    [TestCase("TxMsg:Access:KeyRingPath=  ", "TxMsg:Access:KeyRingPath is white space; it must be a folder.")]
    [TestCase("Urls=http://0.0.0.0:0", "Urls has http://0.0.0.0:0, which listens beyond loopback; set TxMsg:Access:Mode=ApiKeys")]
    [TestCase("Urls=http://127.0.0.1:0;http://myhost:0", "Urls has http://myhost:0, which listens beyond loopback")]
    [TestCase("Urls=http://[::]:0", "Urls has http://[::]:0, which listens beyond loopback")]
    [TestCase("Urls=http://unix:/tmp/txmsg.sock", "Urls has http://unix:/tmp/txmsg.sock, which listens beyond loopback")]
    [TestCase("Kestrel:Endpoints:Public:Url=http://*:0", "Kestrel:Endpoints:Public:Url has http://*:0, which listens beyond loopback")]
    [TestCase("Urls=5080", "Urls is '5080'; it must be addresses such as http://127.0.0.1:5080, separated by semicolons.")]
    [TestCase("Urls=ftp://127.0.0.1", "Urls is 'ftp://127.0.0.1'; it must be")]
    [TestCase("Urls=", "Urls is ''; it must be")]
    [TestCase("Urls= http://127.0.0.1:0", "Urls has ' http://127.0.0.1:0' with white space around it; it must be addresses such as http://127.0.0.1:5080, separated by semicolons alone.")]
    [TestCase("Urls=http://127.0.0.1:0 ", "Urls has 'http://127.0.0.1:0 ' with white space around it; it must be")]
    [TestCase("Urls=http://127.0.0.1:0; http://127.0.0.1:0", "Urls has ' http://127.0.0.1:0' with white space around it; it must be")]
    [TestCase("Urls:0=http://127.0.0.1:0", "Urls:0 is not a known key; Urls has one value, addresses separated by semicolons.")]
    [TestCase("Kestrel:Endpoints=http://127.0.0.1:0", "Kestrel:Endpoints has a value of its own; it is a section.")]
    [TestCase("Kestrel:Endpoints:Here:Certificate:Path=/nowhere/server.pfx", "Kestrel:Endpoints:Here:Certificate:Path cannot be read: Could not find a part of the path '/nowhere/server.pfx'.")]
    [TestCase("Kestrel:Certificates:Default:Path=/nowhere/server.pfx", "Kestrel:Certificates:Default:Path cannot be read: ")]
    [TestCase("TxMsg:Access=ApiKeys", "TxMsg:Access has a value of its own; it is a section with Mode, AdminKey, KeyRingPath, TrustedProxies.")]
    [TestCase("TxMsg:Store=hunter2", "TxMsg:Store has a value of its own; it is a section with Provider, ConnectionString, GroupCommit.")]
    [TestCase("TxMsg=hunter2", "TxMsg has a value of its own; it is a section with Producers, Subscriptions, ")]
    [TestCase("TxMsg:Producers=shop", "TxMsg:Producers has a value of its own; it is a list of sections: TxMsg:Producers:0, TxMsg:Producers:1, ...")]
    [TestCase("TxMsg:Producers:0=shop", "TxMsg:Producers:0 has a value of its own; it is a section with Name, CheckBackUrl, ")]
    [TestCase("TxMsg:Store:ConnectionString=Data Source=there.db;Password=hunter2", "TxMsg:Store:ConnectionString has a Password, which is not supported with Sqlite; it must be a connection string of TxMsg:Store:Provider.")]
    [TestCase("TxMsg:Deliveries:RetryScheduleSeconds=", "TxMsg:Deliveries:RetryScheduleSeconds has 0 values; it must have 1 to 100 numbers, each from 0 to 604800.")]
    [TestCase("TxMsg:Webhooks:AllowedNetworks:here=10.0.0.0/8", "TxMsg:Webhooks:AllowedNetworks:here is not a known key; TxMsg:Webhooks:AllowedNetworks is a list: ")]
    [TestCase("Logging=Debug", "Logging has a value of its own; it is a section with keys such as Logging:LogLevel:Default.")]
    [TestCase("Logging:LogLevel=Debug", "Logging:LogLevel has a value of its own; it is a section with keys such as Logging:LogLevel:Default.")]
    [TestCase("Urls=http://127.0.0.1:99999", "Urls has http://127.0.0.1:99999, whose port is 99999; it must be from 0 to 65535.")]
    [TestCase("Urls=http://127.0.0.1:-1", "Urls has http://127.0.0.1:-1, whose port is -1; it must be from 0 to 65535.")]
    [TestCase("Kestrel:Endpoints:Here:Url=http://[::1]:65536", "Kestrel:Endpoints:Here:Url has http://[::1]:65536, whose port is 65536; it must be from 0 to 65535.")]
    [TestCase("Logging:LogLevel:Default=Foo", "Logging:LogLevel:Default is 'Foo'; it must be Trace or Debug or Information or Warning or Error or Critical or None.")]
    [TestCase("Logging:LogLevel:Microsoft.AspNetCore=9", "Logging:LogLevel:Microsoft.AspNetCore is '9'; it must be Trace or ")]
    [TestCase("Logging:Console:LogLevel:Hangfire=Loud", "Logging:Console:LogLevel:Hangfire is 'Loud'; it must be Trace or ")]
    [TestCase("Logging:Console:FormatterName=foo", "Logging:Console:FormatterName is 'foo'; it must be simple or systemd or json.")]
    public async Task AWrongValue_IsNamedWithWhatItMustBe(string setting, string expected)
    {
        using var folder = new TestFolder();

        var line = await RunningServer.FailAsync(folder, "--" + setting);

        line.Should().StartWith("TxMsg cannot start: " + expected).And.NotContain("\n").And.NotContain("hunter2");
        Directory.EnumerateFileSystemEntries(folder.Path).Should().BeEmpty("nothing is touched before the configuration is right");
    }

    [Test]
    public async Task EverythingThatIsWrong_IsNamedAtOnce()
    {
        using var folder = new TestFolder();

        var line = await RunningServer.FailAsync(folder, "--TxMsg:Limits:MaxConnections=0", "--TxMsg:Access:Mode=Open", "--TxMsg:Typo=1", "--TxMsg:Alerts:CheckInterval=0",
            "--Logging:LogLevel:Default=Foo", "--Logging:Console:FormatterName=foo", "--Urls=http://127.0.0.1:99999");

        line.Should().Contain("Logging:LogLevel:Default").And.Contain("Logging:Console:FormatterName").And.Contain("99999").And.Contain("TxMsg:Limits:MaxConnections").And.Contain("TxMsg:Access:Mode").And.Contain("TxMsg:Typo").And.Contain("TxMsg:Alerts:CheckInterval");
    }

    // Each is used by checks of other sections.
    [TestCase("TxMsg:Webhooks:AllowedNetworks=10.1.2.3/8")]
    [TestCase("TxMsg:Webhooks:AllowedNetworks:0=")]
    [TestCase("TxMsg:Webhooks:MaxConnectionsPerEndpoint=0")]
    [TestCase("TxMsg:Store:Provider=Oracle")]
    [TestCase("TxMsg:Store:ConnectionString=nothing")]
    public async Task ASectionThatOthersNeed_HidesNoMistakeOfTheirs(string setting)
    {
        using var folder = new TestFolder();
        string[] others =
        [
            "TxMsg:Deliveries:RetryScheduleSeconds=5,x", "TxMsg:Limits:MaxPayloadBytes=0", "TxMsg:CheckBacks:SweepInterval=90", "TxMsg:Alerts:Url=nowhere",
            "TxMsg:Alerts:Timeout=0", "TxMsg:Producers:0:CheckBackUrl=nowhere", "TxMsg:Subscriptions:0:Name=a b", "TxMsg:Jobs:Storage=SqlServer",
        ];

        var line = await RunningServer.FailAsync(folder, [.. others.Append(setting).Select(wrong => "--" + wrong)]);

        foreach (var wrong in others.Append(setting)) line.Should().Contain(wrong.Split('=')[0]);
        line.Should().NotContain("\n");
    }

    [Test]
    public async Task AnAddress_IsNotJudgedByNetworksThatAreWrong()
    {
        using var folder = new TestFolder();

        var line = await RunningServer.FailAsync(folder, "--TxMsg:Webhooks:AllowedNetworks=10.1.2.3/8", "--TxMsg:Producers:0:Name=shop", "--TxMsg:Producers:0:CheckBackUrl=http://10.1.2.4/");

        line.Should().Contain("TxMsg:Webhooks:AllowedNetworks:0 is '10.1.2.3/8'").And.NotContain("TxMsg:Producers");
    }

    [TestCase("hunter2hunter2")]
    [TestCase("long enough but with spaces")]
    public async Task AWrongAdminKey_IsNotRepeated(string key)
    {
        using var folder = new TestFolder();

        var line = await RunningServer.FailAsync(folder, "--TxMsg:Access:Mode=ApiKeys", "--TxMsg:Access:AdminKey=" + key);

        line.Should().Contain("TxMsg:Access:AdminKey").And.NotContain(key);
    }

    [Test]
    public async Task AWrongConnectionString_IsNotRepeated()
    {
        using var folder = new TestFolder();

        var line = await RunningServer.FailAsync(folder, "--TxMsg:Store:Provider=SqlServer", "--TxMsg:Store:ConnectionString=Server=db;Pasword=hunter2");

        line.Should().Contain("TxMsg:Store:ConnectionString cannot be read").And.NotContain("hunter2");
    }

    [TestCase("Logging:LogLevel:Default=none")]
    [TestCase("Logging:LogLevel:Hangfire=")]
    [TestCase("Logging:Console:LogLevel:Default=Critical")]
    [TestCase("Logging:Console:FormatterName=JSON")]
    public async Task ALevelOrFormatterThatThereIs_IsTaken(string setting)
    {
        using var folder = new TestFolder();

        (await RunningServer.FailAsync(folder, "--" + setting)).Should().Be("It started.");
    }

    [Test]
    public async Task AnEmptyOptionalValue_MeansNotSet()
    {
        using var folder = new TestFolder();

        (await RunningServer.FailAsync(folder, "--TxMsg:Retention:DeadLetteredAfter=")).Should().Be("It started.");
    }
}
