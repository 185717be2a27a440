using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NUnit.Framework;
using TxMsg.Contracts.Operations;
using TxMsg.Contracts.Registration;
using TxMsg.Server.Access;
using TxMsg.Server.Access.Keys;
using TxMsg.Server.BulkActions;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Producers;
using TxMsg.Server.Registry;
using TxMsg.Server.Subscriptions;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Storage;

/// <summary>A connection that breaks at a commit: the write is run again, and may find what it has written itself.</summary>
public sealed class LostAnswerTests
{
    private TestStore store = null!;
    private TroubledDatabase database = null!;
    private RegistryCache registry = null!;
    private ProducerAdministration producers = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        store = await TestStore.OpenAsync();
        database = new TroubledDatabase(store.Database);
        registry = new RegistryCache(database, TestStore.Protector, TimeProvider.System, NullLogger<RegistryCache>.Instance);
        var checkBacks = Options.Create(new CheckBackOptions());
        producers = new ProducerAdministration(
            registry, new SigningEntries<ProducerRow>(registry, TestStore.Protector, store.Time), TestStore.Protector, new ProducerBreaker(checkBacks, store.Time), checkBacks);
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await database.DisposeAsync();
        await store.DisposeAsync();
    }

    [Test]
    public async Task PutAsync_OfANewProducer_ShowsTheSecretThatItHas()
    {
        database.LosesAnswer = true;

        var (producer, created) = await PutAsync("http://127.0.0.1/check");

        created.Should().BeTrue();
        producer.Secret.Should().Be(StoredSecret());
        (await ActionsAsync()).Should().Equal("createProducer");
    }

    [Test]
    public async Task PutAsync_OfAnotherUrl_ChangesItOnce()
    {
        await PutAsync("http://127.0.0.1/check");
        database.LosesAnswer = true;

        var (producer, created) = await PutAsync("http://127.0.0.1/other");

        (created, producer.Secret, producer.CheckBackUrl).Should().Be((false, null, "http://127.0.0.1/other"));
        (await ActionsAsync()).Should().Equal("createProducer", "changeProducer");
    }

    [Test]
    public async Task RotateSecretAsync_RotatesOnce()
    {
        var (before, _) = await PutAsync("http://127.0.0.1/check");
        database.LosesAnswer = true;

        var secret = await producers.RotateSecretAsync("till", "admin", null);

        secret.Should().Be(StoredSecret()).And.NotBe(before.Secret);
        registry.Current.FindProducer("till")!.Secrets.ValidAt(store.Time.GetUtcNow()).Should().HaveCount(2);
        (await ActionsAsync()).Should().Equal("createProducer", "rotateProducerSecret");
    }

    [Test]
    public async Task PutAsync_WhenTheRegistryCannotBeReadBack_ShowsTheSecretAllTheSame()
    {
        database.IsGoneAfterCommit = true;

        var (producer, created) = await PutAsync("http://127.0.0.1/check");

        created.Should().BeTrue();
        registry.Current.FindProducer("till").Should().BeNull("the refresher is to find it");
        await registry.RefreshAsync(CancellationToken.None);
        producer.Secret.Should().Be(StoredSecret());
    }

    [Test]
    public async Task DeleteAsync_OfASubscription_KnowsThatItWasThere()
    {
        var subscriptions = new SubscriptionAdministration(
            database, registry, new SigningEntries<SubscriptionRow>(registry, TestStore.Protector, store.Time), TestStore.Protector, Options.Create(new DeliveryOptions()), store.Time);
        database.LosesAnswer = true;

        (await subscriptions.DeleteAsync("billing", "admin", null)).Should().BeTrue();

        (await subscriptions.DeleteAsync("billing", "admin", null)).Should().BeFalse();
        (await ActionsAsync()).Should().Equal("deleteSubscription");
    }

    [Test]
    public async Task CreateOfAdminAsync_MakesOneKey()
    {
        database.LosesAnswer = true;

        var key = await new ApiKeyAdministration(registry, store.Time).CreateOfAdminAsync(AdminRole.Operator, "night shift", "admin", null);

        (await store.QueryAsync("SELECT id FROM api_keys")).Should().Equal(key.KeyId);
        registry.Current.ApiKeys.Should().ContainSingle();
        (await ActionsAsync()).Should().ContainSingle();
    }

    [Test]
    public async Task DeleteAsync_OfAKey_KnowsThatItWasThere()
    {
        var keys = new ApiKeyAdministration(registry, store.Time);
        var key = await keys.CreateOfAdminAsync(AdminRole.Viewer, null, "admin", null);
        database.LosesAnswer = true;

        (await keys.DeleteAsync(null, key.KeyId, "admin", null)).Should().BeTrue();

        (await keys.DeleteAsync(null, key.KeyId, "admin", null)).Should().BeFalse();
        (await ActionsAsync()).Should().Equal("createKey", "deleteKey");
    }

    [Test]
    public async Task AddAsync_OfABulkAction_AddsOne()
    {
        database.LosesAnswer = true;
        var plan = new BulkActionPlan(BulkActionKind.Redeliver, new BulkActionFilter(), null, null, 100, null);

        await new BulkActionStore(database).AddAsync(Guid.NewGuid(), plan, "admin", "they were down", 1, (5, true), store.Now);

        (await store.QueryAsync("SELECT total FROM bulk_actions")).Should().Equal("5");
        (await ActionsAsync()).Should().ContainSingle();
    }

    private Task<(ProducerResource Producer, bool Created)> PutAsync(string url) => producers.PutAsync("till", new ProducerRequest { CheckBackUrl = url }, "admin");

    private string StoredSecret() => registry.Current.FindProducer("till")!.Secrets.Current.Reveal();

    private Task<IReadOnlyList<string>> ActionsAsync() => store.QueryAsync("SELECT action FROM operator_actions ORDER BY id");
}
