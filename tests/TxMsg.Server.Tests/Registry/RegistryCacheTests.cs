using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Registry;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Registry;

public sealed class RegistryCacheTests
{
    // As another node makes one: in the store, with the version raised, and nobody tells this node.
    private const string SubscribeElsewhere =
        """
        INSERT INTO subscriptions (name, topic, endpoint, ordered, secret, state, created_at, updated_at)
        SELECT 'elsewhere', 'orders', 'http://127.0.0.1:9/', 0, secret, 0, 0, 0 FROM producers LIMIT 1;
        UPDATE registry SET version = version + 1;
        """;

    private TestNode node = null!;
    private RegistryCache cache = null!;

    [SetUp]
    public async Task StartAsync()
    {
        node = await TestNode.StartAsync();
        await node.RegisterAsync();
        cache = node.Get<RegistryCache>();
    }

    [TearDown]
    public async Task StopAsync() => await node.DisposeAsync();

    [Test]
    public async Task When_a_subscription_is_made_elsewhere_it_counts_for_the_next_commit()
    {
        var message = await node.PrepareAsync();
        await node.ExecuteAsync(SubscribeElsewhere);

        await node.DecideAsync(message.Id);

        (await node.ReadAsync("SELECT COUNT(*) FROM deliveries")).Should().Be(1);
    }

    [Test]
    public async Task When_a_subscription_is_deleted_elsewhere_the_next_commit_passes_it_by()
    {
        await node.SubscribeAsync();
        await node.ExecuteAsync("UPDATE subscriptions SET state = 2; UPDATE registry SET version = version + 1;");

        await node.DecideAsync((await node.PrepareAsync()).Id);

        (await node.ReadAsync("SELECT COUNT(*) FROM deliveries")).Should().Be(0);
    }

    [Test]
    public async Task When_a_subscription_is_paused_elsewhere_the_next_commit_is_not_leased()
    {
        await node.SubscribeAsync();
        await node.ExecuteAsync("UPDATE subscriptions SET state = 1; UPDATE registry SET version = version + 1;");

        await node.DecideAsync((await node.PrepareAsync()).Id);

        (await node.ReadAsync("SELECT COUNT(*) FROM deliveries WHERE state = 0")).Should().Be(1);
    }

    [Test]
    public async Task RefreshAsync_WithoutAChange_KeepsTheSnapshot()
    {
        var before = cache.Current;

        (await cache.RefreshAsync(CancellationToken.None)).Should().BeSameAs(before);
    }

    [Test]
    public async Task Of_TheVersionItHas_ReadsNothing()
    {
        var before = cache.Current;
        await node.ExecuteAsync(SubscribeElsewhere);

        cache.Of(before.Version).Should().BeSameAs(before);
        cache.Of(before.Version + 1).FindSubscription("elsewhere").Should().NotBeNull();
    }

    [Test]
    public async Task When_a_fail_over_lost_the_last_change_neither_a_commit_nor_a_refresh_goes_by_it()
    {
        await node.SubscribeAsync();
        var lost = cache.Current;
        await node.ExecuteAsync($"DELETE FROM subscriptions; UPDATE registry SET version = {lost.Version - 1}");

        cache.Of(lost.Version - 1).Subscriptions.Should().BeEmpty();
        (await cache.RefreshAsync(CancellationToken.None)).Version.Should().Be(lost.Version - 1);
    }

    [Test]
    public async Task When_a_fail_over_lost_the_last_change_the_next_one_has_a_version_of_its_own()
    {
        await node.SubscribeAsync();
        var lost = cache.Current;
        await node.ExecuteAsync($"DELETE FROM subscriptions; UPDATE registry SET version = {lost.Version - 1}");
        node.Time.Advance(TimeSpan.FromSeconds(1));

        await node.SubscribeAsync("another");

        cache.Current.Version.Should().BeGreaterThan(lost.Version);
        cache.Current.Subscriptions.Select(subscription => subscription.Name).Should().Equal("another");
    }

    [Test]
    public async Task FindAsync_OfWhatIsMadeElsewhere_FindsIt()
    {
        await node.ExecuteAsync(SubscribeElsewhere);

        cache.Current.FindSubscription("elsewhere").Should().BeNull();
        (await cache.FindSubscriptionAsync("elsewhere", CancellationToken.None)).Should().NotBeNull();
        (await cache.FindProducerAsync("nobody", CancellationToken.None)).Should().BeNull();
    }

    [Test]
    public async Task RefreshAsync_FromManySides_NeverGoesBack()
    {
        var versions = new System.Collections.Concurrent.ConcurrentQueue<(long Before, long After)>();
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                var before = cache.Current.Version;
                versions.Enqueue((before, (await cache.RefreshAsync(CancellationToken.None)).Version));
            }
        })).ToArray();
        for (var i = 0; i < 20; i++) await node.ExecuteAsync("UPDATE registry SET version = version + 1");
        await Task.WhenAll(readers);

        versions.Should().OnlyContain(pair => pair.After >= pair.Before);
        (await cache.RefreshAsync(CancellationToken.None)).Version.Should().Be(await node.ReadAsync("SELECT version FROM registry"));
    }

    [TestCase(null, "a", true)]
    [TestCase(null, null, true)]
    [TestCase("a,b", "b", true)]
    [TestCase("a,b", "A", false)]
    [TestCase("a,b", "a,b", false)]
    [TestCase("a,b", null, false)]
    public void Wants_OfATag_IsExact(string? tags, string? tag, bool wanted) =>
        new Subscription
        {
            Id = 1, Name = "s", Topic = "t", Endpoint = NodeActions.Nowhere, Tags = tags?.Split(',') ?? [], State = SubscriptionState.Active,
            Secrets = new SigningSecrets(Webhooks.Sending.Secret), CreatedAt = default, UpdatedAt = default,
        }.Wants(tag).Should().Be(wanted);

    [Test]
    public void ValidAt_AfterRotations_HoldsEachSecretForItsTime()
    {
        var (old, older) = (TxMsg.Contracts.Signatures.WebhookSecret.Generate(), TxMsg.Contracts.Signatures.WebhookSecret.Generate());
        var until = DateTimeOffset.UnixEpoch.AddDays(1);
        var secrets = new SigningSecrets(Webhooks.Sending.Secret, new RetiredSecret(old, until), new RetiredSecret(older, until.AddHours(-1)));

        secrets.ValidAt(until.AddHours(-1).AddTicks(-1)).Should().Equal(Webhooks.Sending.Secret, old, older);
        secrets.ValidAt(until.AddTicks(-1)).Should().Equal(Webhooks.Sending.Secret, old);
        secrets.ValidAt(until).Should().Equal(Webhooks.Sending.Secret);
    }

    [Test]
    public void ValidAt_OfASecretThatWasSetAgain_HoldsItOnce()
    {
        var old = TxMsg.Contracts.Signatures.WebhookSecret.Generate();
        var again = TxMsg.Contracts.Signatures.WebhookSecret.Parse(Webhooks.Sending.Secret.Reveal());
        var until = DateTimeOffset.UnixEpoch.AddDays(1);
        var secrets = new SigningSecrets(Webhooks.Sending.Secret, new RetiredSecret(old, until), new RetiredSecret(again, until), new RetiredSecret(old, until));

        secrets.ValidAt(DateTimeOffset.UnixEpoch).Should().Equal(Webhooks.Sending.Secret, old);
    }
}
