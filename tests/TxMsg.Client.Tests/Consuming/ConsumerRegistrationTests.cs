using System.Diagnostics.Metrics;
using FluentAssertions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using TxMsg.Client.Consuming;
using TxMsg.Client.Coordinator;
using TxMsg.Contracts;
using TxMsg.Contracts.Signatures;
using Eventually = TxMsg.AcceptanceTests.Harness.Eventually;

namespace TxMsg.Client.Tests.Consuming;

public sealed class ConsumerRegistrationTests
{
    [Test]
    public async Task Options_ThatAreWrong_AreNamedAtStart()
    {
        var start = () => ConsumerApp.StartAsync(
            options =>
            {
                options.Secrets.Add("whsec_short");
                options.Tolerance = TimeSpan.Zero;
                options.MaxBodyBytes = 0;
                options.LockWait = TimeSpan.Zero;
                options.InboxRetention = TimeSpan.FromHours(1);
                options.PurgeInterval = TimeSpan.Zero;
                options.Subscriptions.Add(new ConsumerSubscription("a b") { Topic = "orders" });
                options.Subscriptions.Add(new ConsumerSubscription("stock")
                {
                    Topic = "orders", Endpoint = "ftp://here", MaxConcurrency = 0, Timeout = TimeSpan.FromMinutes(6), RetrySchedule = [TimeSpan.FromDays(8)],
                });
            },
            _ => { });
        var thrown = (await start.Should().ThrowAsync<OptionsValidationException>()).Which;
        foreach (var name in new[]
        {
            "Secrets[1]", "Tolerance", "MaxBodyBytes", "LockWait", "InboxRetention", "PurgeInterval", "Subscriptions[0].Name", "Subscriptions[0].Endpoint",
            "Subscriptions[1].Endpoint", "Subscriptions[1].MaxConcurrency", "Subscriptions[1].Timeout", "Subscriptions[1].RetrySchedule", "Coordinator",
        })
            thrown.Failures.Should().Contain(failure => failure.StartsWith(name + ":", StringComparison.Ordinal), name);
        thrown.Message.Should().NotContain("short");
    }

    [Test]
    public void Options_ThatConfigurationLeftNull_AreNamed()
    {
        ConsumerOptionsValidator.Check(new ConsumerOptions { Secrets = null!, Subscriptions = null! })
            .Should().SatisfyRespectively(first => first.Should().StartWith("Secrets:"), second => second.Should().StartWith("Subscriptions:"));
        ConsumerOptionsValidator.Check(new ConsumerOptions { Secrets = [null!], Subscriptions = [null!, new ConsumerSubscription(null!) { Secrets = null! }] })
            .Should().Contain(error => error.StartsWith("Secrets[0]:")).And.Contain(error => error.StartsWith("Subscriptions:"))
            .And.Contain(error => error.StartsWith("Subscriptions[1].Name:")).And.Contain(error => error.StartsWith("Subscriptions[1].Secrets:"));
    }

    [TestCase(8.0, true)]
    [TestCase(7.9, false)]
    [TestCase(3650.0, true)]
    [TestCase(3650.1, false)]
    public void Inbox_RemembersADayLongerThanTheLongestRetryDelay(double days, bool isRight)
    {
        var options = new ConsumerOptions
        {
            Secrets = { WebhookSecret.Generate().Reveal() }, InboxRetention = TimeSpan.FromDays(days),
            Subscriptions = { new ConsumerSubscription("stock"), new ConsumerSubscription("billing") { RetrySchedule = [TimeSpan.FromDays(7), TimeSpan.FromSeconds(1)] } },
        };

        var make = () => new DeliveryReader(options, TimeProvider.System);

        if (isRight) make.Should().NotThrow();
        else make.Should().Throw<ArgumentException>().WithMessage("InboxRetention:*a day longer*");
    }

    [Test]
    public void Options_WithoutASecret_AreRefused()
    {
        var make = () => new DeliveryReader(new ConsumerOptions(), TimeProvider.System);
        make.Should().Throw<ArgumentException>().WithMessage("Secrets:*");
    }

    [Test]
    public async Task Subscription_IsRegisteredOnceTheCoordinatorAnswers()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var coordinator = new UnreachableCoordinator { Failures = 3 };
        var secret = WebhookSecret.Generate().Reveal();
        await using var app = await ConsumerApp.StartAsync(
            options => options.Subscriptions.Add(new ConsumerSubscription("stock")
            {
                Topic = "orders", Endpoint = "http://127.0.0.1:5000/stock", Tags = ["new"], Ordered = true, MaxConcurrency = 4,
                Timeout = TimeSpan.FromSeconds(2.5), RetrySchedule = [TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)], Secrets = { secret },
            }),
            _ => { },
            services => services.AddSingleton<ICoordinatorClient>(coordinator).AddSingleton<TimeProvider>(time));
        (await HealthOf(app)).Should().Be(HealthStatus.Degraded);

        while (!coordinator.Registered.Task.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        var (name, request) = await coordinator.Registered.Task;
        name.Should().Be("stock");
        request.Should().BeEquivalentTo(new
        {
            Topic = "orders", Endpoint = "http://127.0.0.1:5000/stock", Tags = new[] { "new" }, Ordered = true, MaxConcurrency = 4, TimeoutSeconds = 2.5,
            RetryScheduleSeconds = new[] { 1.0, 60.0 }, Secret = secret,
        });
        coordinator.Calls.Should().Be(4);
        while (await HealthOf(app) != HealthStatus.Healthy) await Task.Yield();
    }

    [Test]
    public async Task Subscription_ThatTheCoordinatorRefuses_ShowsAndIsTriedAgain_AndHoldsUpNoOther()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var coordinator = new UnreachableCoordinator { Refused = "stock" };
        await using var app = await ConsumerApp.StartAsync(
            options =>
            {
                options.Subscriptions.Add(new ConsumerSubscription("stock") { Topic = "orders", Endpoint = "http://127.0.0.1:5000/stock" });
                options.Subscriptions.Add(new ConsumerSubscription("billing") { Topic = "orders", Endpoint = "http://127.0.0.1:5000/billing" });
            },
            _ => { },
            services => services.AddSingleton<ICoordinatorClient>(coordinator).AddSingleton<TimeProvider>(time));

        await Eventually.HoldsAsync(async () => (await HealthEntryOf(app)).Should().Match<HealthReportEntry>(entry =>
            entry.Status == HealthStatus.Degraded && entry.Description == "subscription stock: no such topic"));
        (await coordinator.Registered.Task).Name.Should().Be("billing");

        coordinator.Refused = null;
        await Eventually.HoldsAsync(async () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            (await HealthOf(app)).Should().Be(HealthStatus.Healthy);
        });
    }

    [Test]
    public async Task Health_IsThatOfTheInbox()
    {
        await using var database = await ConsumerDatabase.CreateAsync(DatabaseKind.SqliteWal);
        await using var well = await ConsumerApp.StartAsync(options => options.Connect = database.Connect, _ => { });
        await using var unwell = await ConsumerApp.StartAsync(options => options.Connect = () => new Microsoft.Data.Sqlite.SqliteConnection("Data Source=/nowhere/at/all.db"), _ => { });
        (await HealthOf(well)).Should().Be(HealthStatus.Healthy);
        (await HealthOf(unwell)).Should().Be(HealthStatus.Unhealthy);
    }

    [Test]
    public async Task Consumer_ThatIsAddedTwice_IsOneWithTheOptionsOfBoth()
    {
        await using var app = await ConsumerApp.StartAsync(
            options => options.Subscriptions.Add(new ConsumerSubscription("a")), _ => { },
            services => services.AddTxMsgConsumer(options => options.Subscriptions.Add(new ConsumerSubscription("b"))));
        app.App.Services.GetServices<Consumer>().Should().ContainSingle().Which.Options.Subscriptions.Should().HaveCount(2);
        (await HealthOf(app)).Should().Be(HealthStatus.Healthy);
    }

    [Test]
    public async Task Metrics_CountOutcomesBySubscription()
    {
        var subscription = $"metrics-{Guid.NewGuid():N}";
        var counted = new List<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => { if (instrument.Meter.Name == "TxMsg.Client") self.EnableMeasurementEvents(instrument); } };
        void Count(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var named = tags.ToArray().ToDictionary(tag => tag.Key, tag => (string?)tag.Value);
            if (named.GetValueOrDefault("subscription") == subscription) lock (counted) counted.Add($"{instrument.Name} {named["outcome"]}");
            else if (named.GetValueOrDefault("reason") is { } reason) lock (counted) counted.Add($"{instrument.Name} {reason}");
        }

        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Count(instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Count(instrument, tags));
        listener.Start();
        await using var database = await ConsumerDatabase.CreateAsync(DatabaseKind.SqliteWal);
        var results = new Queue<HandlingResult>([HandlingResult.Retry(), HandlingResult.Reject("no"), HandlingResult.Acknowledge]);
        await using var app = await ConsumerApp.StartAsync(
            options => options.Connect = database.Connect, web => web.MapTxMsgConsumer("/stock", (_, _, _) => Task.FromResult(results.Dequeue())));
        var delivery = new SignedDelivery().With(HeaderNames.Subscription, subscription);

        for (var i = 0; i < 4; i++) await app.SendAsync(delivery);
        await app.SendAsync(new SignedDelivery { Body = new byte[300_000] });

        counted.Where(entry => entry.StartsWith("txmsg_client_deliveries", StringComparison.Ordinal))
            .Should().Equal("txmsg_client_deliveries retried", "txmsg_client_deliveries rejected", "txmsg_client_deliveries handled", "txmsg_client_deliveries duplicate");
        counted.Should().Contain("txmsg_client_handling_duration_seconds handled").And.Contain("txmsg_client_refused_deliveries too_large");
    }

    private static async Task<HealthStatus> HealthOf(ConsumerApp app) => (await HealthEntryOf(app)).Status;

    private static async Task<HealthReportEntry> HealthEntryOf(ConsumerApp app) =>
        (await app.App.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["txmsg-consumer"];
}
