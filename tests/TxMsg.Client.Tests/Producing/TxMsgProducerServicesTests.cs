using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TxMsg.AcceptanceTests.Harness;
using TxMsg.Client.Coordinator;
using TxMsg.Client.Producing;
using TxMsg.Client.Producing.LocalMessages;
using TxMsg.Client.Tests.Coordinator;

namespace TxMsg.Client.Tests.Producing;

public sealed class TxMsgProducerServicesTests
{
    private const string Registered =
        """{"name":"shop","checkBackUrl":"http://shop/c","checkBackAfterSeconds":30,"maxUnknownAnswers":15,"giveUpAfterSeconds":9,"createdAt":"2026-01-02T03:04:05Z","updatedAt":"2026-01-02T03:04:05Z"}""";

    private ShopDatabase shop = null!;

    [SetUp]
    public async Task SetUp() => shop = await ShopDatabase.CreateAsync();

    [TearDown]
    public void TearDown() => shop.Dispose();

    [Test]
    public async Task Options_EachWrongValueIsNamedAtStart()
    {
        using var host = HostOf(options =>
        {
            options.Name = "the shop";
            options.Coordinators.Add(new Uri("/relative", UriKind.Relative));
            options.Secrets.Add("whsec_short");
            options.Connect = null;
            options.VerdictTimeout = TimeSpan.FromMinutes(61);
            options.CheckBackUrl = new Uri("ftp://shop");
            options.CheckBackAfter = TimeSpan.FromDays(31);
            options.MaxUnknownAnswers = 0;
            options.GiveUpAfter = TimeSpan.FromSeconds(-1);
            options.CheckBacks.Wait = TimeSpan.FromHours(1);
        });

        var failed = (await host.Invoking(h => h.StartAsync()).Should().ThrowAsync<OptionsValidationException>()).Which;

        string[] wrong = ["Name:", "Coordinators:", "Secrets[1]", "Connect", "VerdictTimeout:", "CheckBackUrl:", "CheckBackAfter:", "MaxUnknownAnswers:", "GiveUpAfter:", "CheckBacks.Wait"];
        failed.Failures.Should().HaveCount(wrong.Length);
        foreach (var value in wrong) failed.Failures.Should().Contain(failure => failure.StartsWith("ProducerOptions." + value));
    }

    [Test]
    public async Task Options_ThatConfigurationLeftNull_AreNamedAtStart()
    {
        using var host = HostOf(options => (options.Name, options.Coordinators, options.Secrets, options.Connect) = (null!, null!, null!, null));

        var failed = (await host.Invoking(h => h.StartAsync()).Should().ThrowAsync<OptionsValidationException>()).Which;

        failed.Failures.Select(failure => failure.Split(':', ' ')[0]).Should().BeEquivalentTo(
            "ProducerOptions.Name", "ProducerOptions.Coordinators", "ProducerOptions.Secrets", "ProducerOptions.Connect");
    }

    [Test]
    public void Producer_ThatIsAddedTwice_IsRefused()
    {
        var services = new ServiceCollection().AddTxMsgProducer(options => options.Name = "shop");

        services.Invoking(s => s.AddTxMsgProducer(options => options.Name = "audit")).Should().Throw<InvalidOperationException>().WithMessage("*one producer*");
    }

    [Test]
    public async Task LocalMessages_WithoutAProducer_SayWhatToCall()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddTxMsgLocalMessages(options => (options.Producer, options.Connection) = ("shop", shop.Connect));
        using var host = builder.Build();

        await host.Invoking(h => h.StartAsync()).Should().ThrowAsync<InvalidOperationException>().WithMessage("*AddTxMsgProducer*");
    }

    [Test]
    public async Task Registration_NeedsTheCheckBackUrl()
    {
        using var host = HostOf(options =>
        {
            options.Coordinators.Add(new Uri("http://127.0.0.1:1"));
            options.RegisterAtStart = true;
        });

        await host.Invoking(h => h.StartAsync()).Should().ThrowAsync<OptionsValidationException>().WithMessage("*CheckBackUrl*");
    }

    [Test]
    public async Task Registration_IsTriedUntilTheCoordinatorTakesIt_AndDoesNotHoldUpTheStart()
    {
        var port = FreePort.Find();
        using var host = HostOf(options =>
        {
            options.Coordinators.Add(new Uri($"http://127.0.0.1:{port}"));
            options.TryTimeout = options.OverallTimeout = TimeSpan.FromMilliseconds(200);
            options.RegisterAtStart = true;
            options.CheckBackUrl = new Uri("http://shop/check-back");
            options.GiveUpAfter = TimeSpan.FromHours(1);
        });

        await host.StartAsync();
        var turn = 0;
        await using var coordinator = await Node.StartAsync(_ => turn++ == 0 ? new Told(403) : new Told(200, Registered), port);

        await Eventually.HoldsAsync(() => coordinator.Requests.Should().HaveCount(2, "a refusal may be mended on the other side"));
        coordinator.Requests[1].Path.Should().Be("/v1/producers/shop");
        coordinator.Requests[1].Body.Should().StartWith("""{"checkBackUrl":"http://shop/check-back","giveUpAfterSeconds":3600,"secret":"whsec_""");
        await host.StopAsync();
    }

    [Test]
    public async Task Health_IsThatOfTheNodes()
    {
        var turn = 0;
        await using var first = await Node.StartAsync(new Told(200), new Told(200), new Told(503));
        await using var second = await Node.StartAsync(_ => new Told(turn++ == 0 ? 200 : 503));
        using var host = HostOf(options =>
        {
            options.Coordinators.Add(first.Address);
            options.Coordinators.Add(second.Address);
        });
        var checks = host.Services.GetRequiredService<HealthCheckService>();

        (await checks.CheckHealthAsync()).Status.Should().Be(HealthStatus.Healthy);
        (await checks.CheckHealthAsync()).Entries["txmsg-coordinator"].Should().Match<HealthReportEntry>(entry =>
            entry.Status == HealthStatus.Degraded && entry.Description!.Contains(second.Address.ToString(), StringComparison.Ordinal));
        (await checks.CheckHealthAsync()).Status.Should().Be(HealthStatus.Degraded, "the service itself goes on");
    }

    [Test]
    public async Task LocalMessages_GoThroughTheProducersConnectionAndName()
    {
        var coordinator = new RecordingCoordinator();
        var message = Message.Json("orders", new { order = 1 });
        using var host = HostOf(
            options => options.Coordinators.Add(new Uri("http://127.0.0.1:1")),
            services => services.AddTxMsgLocalMessages(options => options.PollInterval = TimeSpan.FromMilliseconds(50)).AddSingleton<ICoordinatorClient>(coordinator));
        await host.StartAsync();

        await using (var connection = await shop.OpenAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await host.Services.GetRequiredService<LocalMessageTable>().EnqueueAsync(transaction, message);
            await transaction.CommitAsync();
        }

        await Eventually.HoldsAsync(() => coordinator.StateOf(message).Should().Be(MessageStates.Committed));
        await host.StopAsync();
    }

    private IHost HostOf(Action<ProducerOptions> configure, Action<IServiceCollection>? add = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddTxMsgProducer(options =>
        {
            options.Name = "shop";
            options.Secrets.Add(Unique.Secret());
            options.Connect = shop.Connect;
        });
        builder.Services.Configure(configure);
        add?.Invoke(builder.Services);
        return builder.Build();
    }
}
