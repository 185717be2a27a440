using Dapper;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using TxMsg.Contracts.Operations;
using TxMsg.Contracts.Registration;
using TxMsg.Server.Access;
using TxMsg.Server.Access.Keys;
using TxMsg.Server.Audit;
using TxMsg.Server.Http;
using TxMsg.Server.Producers;
using TxMsg.Server.Storage;
using TxMsg.Server.Subscriptions;

namespace TxMsg.Stores.Tests.Audit;

/// <summary>What is done to producers, subscriptions and keys leaves a row that says who, what, to what and why.</summary>
public sealed class AuditedChangeTests(StoreProvider provider) : StoreFixture(provider)
{
    private const string Secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static readonly ProducerRequest Asked = new() { CheckBackUrl = "http://127.0.0.1:9/check", Reason = "a new shop" };

    [Test]
    public async Task AProducer_MadeAndChanged_ShowsItsSettingsOldAndNew()
    {
        var name = NodeActions.Unique("shop");
        await PutAsync(name, Asked);
        await PutAsync(name, Asked with { CheckBackUrl = "http://127.0.0.1:9/other", CheckBackAfterSeconds = 1.5, MaxUnknownAnswers = 3, Reason = "it moved" });
        await PutAsync(name, Asked with { CheckBackUrl = "http://127.0.0.1:9/other", CheckBackAfterSeconds = 1.5, Reason = "as it was" });

        (await EntriesAsync(("producer", name))).Select(entry => (entry.Action, entry.Actor, entry.Reason, entry.Detail)).Should().Equal(
            ("changeProducer", "admin:1", "as it was", "maxUnknownAnswers: 3 -> default"),
            ("changeProducer", "admin:1", "it moved", "checkBackUrl: http://127.0.0.1:9/check -> http://127.0.0.1:9/other; checkBackAfterSeconds: default -> 1.5; maxUnknownAnswers: default -> 3"),
            ("createProducer", "admin:1", "a new shop", "checkBackUrl: http://127.0.0.1:9/check"));
    }

    [Test]
    public async Task WhatIsPutAsItIs_LeavesNothing_AndIsNotWritten()
    {
        var name = NodeActions.Unique("shop");
        await PutAsync(name, Asked with { GiveUpAfterSeconds = 0.1234, Secret = Secret });
        var version = Node.Registry.Current.Version;
        await PutAsync(name, Asked with { GiveUpAfterSeconds = 0.1234, Secret = Secret, Reason = "again" });

        (await EntriesAsync(("producer", name))).Should().ContainSingle();
        (await Node.Registry.RefreshAsync(CancellationToken.None)).Version.Should().Be(version);
    }

    [Test]
    public async Task ASecret_IsNoted_AndNeverShown()
    {
        var name = NodeActions.Unique("shop");
        await PutAsync(name, Asked);
        await PutAsync(name, Asked with { Secret = Secret, Reason = "a leak" });
        var rotated = await Node.Get<ProducerAdministration>().RotateSecretAsync(name, "admin:2", "another leak");

        var entries = await EntriesAsync(("producer", name));

        entries.Take(2).Select(entry => (entry.Action, entry.Actor, entry.Reason, entry.Detail)).Should().Equal(
            ("rotateProducerSecret", "admin:2", "another leak", null), ("rotateProducerSecret", "admin:1", "a leak", null));
        entries.Should().OnlyContain(entry => !$"{entry}".Contains("whsec_") && !$"{entry}".Contains(rotated!));
    }

    [Test]
    public async Task ASubscription_IsFollowedFromItsMakingToItsEnd()
    {
        var (subscriptions, pauser) = (Node.Get<SubscriptionAdministration>(), Node.Get<SubscriptionPauser>());
        var name = NodeActions.Unique("billing");
        var request = new SubscriptionRequest { Topic = "orders", Endpoint = "http://127.0.0.1:9/", Tags = ["paid"], Reason = "begin" };
        await subscriptions.PutAsync(name, request, "admin:1");
        await subscriptions.PutAsync(name, request with { Tags = ["paid", "refunded"], Ordered = true, TimeoutSeconds = 2, RetryScheduleSeconds = [1, 2.5], Reason = "more" }, "admin:1");
        await subscriptions.RotateSecretAsync(name, "admin:1", "a leak");
        (await pauser.PauseAsync(name, AuditActors.TxMsg, "gone", "messageId: 1")).Should().BeTrue();
        (await pauser.PauseAsync(name, "admin:1", "twice")).Should().BeFalse();
        (await pauser.ResumeAsync(name, "admin:1", "back")).Should().BeTrue();
        (await pauser.ResumeAsync(name, "admin:1", "twice")).Should().BeFalse();
        (await subscriptions.DeleteAsync(name, "admin:1", "over")).Should().BeTrue();
        (await subscriptions.DeleteAsync(name, "admin:1", "twice")).Should().BeFalse();

        var entries = await EntriesAsync(("subscription", name));

        entries.Should().OnlyContain(entry => entry.Subscription == name && entry.Producer == null && entry.MessageId == null && entry.At == Time.GetUtcNow());
        entries.Select(entry => (entry.Action, entry.Actor, entry.Reason)).Reverse().Should().Equal(
            ("createSubscription", "admin:1", "begin"), ("changeSubscription", "admin:1", "more"), ("rotateSubscriptionSecret", "admin:1", "a leak"),
            ("pauseSubscription", "txmsg", "gone"), ("resumeSubscription", "admin:1", "back"), ("deleteSubscription", "admin:1", "over"));
        entries.Select(entry => entry.Detail).Reverse().Should().Equal(
            """topic: orders; endpoint: http://127.0.0.1:9/; tags: ["paid"]""",
            """tags: ["paid"] -> ["paid","refunded"]; ordered: default -> true; timeoutSeconds: default -> 2; retryScheduleSeconds: default -> [1,2.5]""",
            null, "messageId: 1", null,
            $"""name: {name}; topic: orders; endpoint: http://127.0.0.1:9/; tags: ["paid","refunded"]; ordered: true; timeoutSeconds: 2; retryScheduleSeconds: [1,2.5]""");
    }

    [Test]
    public async Task ANameThatIsUsedAgain_ShowsBothSubscriptions()
    {
        var name = NodeActions.Unique("billing");
        for (var i = 0; i < 3; i++)
        {
            await Node.Get<SubscriptionAdministration>().PutAsync(name, new SubscriptionRequest { Topic = "orders", Endpoint = "http://127.0.0.1:9/" }, "admin:1");
            await Node.Get<SubscriptionAdministration>().PutAsync(name + "-2", new SubscriptionRequest { Topic = "orders", Endpoint = $"http://127.0.0.1:9/{i}" }, "admin:1");
            if (i < 2) await Node.Get<SubscriptionAdministration>().DeleteAsync(name, "admin:1", null);
        }

        (await EntriesAsync(("subscription", name))).Select(entry => entry.Action).Should().Equal(
            "createSubscription", "deleteSubscription", "createSubscription", "deleteSubscription", "createSubscription");
    }

    [Test]
    public async Task AKey_IsNotedByItsIdRoleAndName()
    {
        var (keys, producer) = (Node.Get<ApiKeyAdministration>(), await Node.RegisterProducerAsync());
        var actor = NodeActions.Unique("admin");
        var viewer = await keys.CreateOfAdminAsync(AdminRole.Viewer, "Grafana", actor, "charts");
        var ofProducer = await keys.CreateOfProducerAsync(producer.Id, actor, null);
        (await keys.DeleteAsync(producer.Id, viewer.KeyId, actor, null)).Should().BeFalse("it is not the producer's");
        (await keys.DeleteAsync(null, ofProducer.KeyId, actor, null)).Should().BeFalse("it is not administration's");
        (await keys.DeleteAsync(null, viewer.KeyId, actor, "no more charts")).Should().BeTrue();
        (await keys.DeleteAsync(producer.Id, ofProducer.KeyId, actor, null)).Should().BeTrue();

        var entries = await EntriesAsync(("actor", actor));

        entries.Select(entry => (entry.Action, entry.Producer, entry.Reason, entry.Detail)).Should().Equal(
            ("deleteKey", producer.Name, null, $"keyId: {ofProducer.KeyId}"), ("deleteKey", null, "no more charts", $"keyId: {viewer.KeyId}; role: viewer; name: Grafana"),
            ("createKey", producer.Name, null, $"keyId: {ofProducer.KeyId}"), ("createKey", null, "charts", $"keyId: {viewer.KeyId}; role: viewer; name: Grafana"));
        entries.Should().OnlyContain(entry => !$"{entry}".Contains("txk_"));
    }

    [Test]
    public async Task AViewersKey_IsAViewers_AndNobodysForANodeThatKnowsNoRoles()
    {
        var made = await Node.Get<ApiKeyAdministration>().CreateOfAdminAsync(AdminRole.Viewer, "Grafana", "admin:1", null);
        KeyHash.TryOf(made.Key, out var hash);

        Node.Registry.Current.FindKeyHolder(hash).Should().Be(new Caller(CallerKind.Viewer, null, "viewer:" + made.KeyId));
        (await Node.Get<ApiKeyAdministration>().ListAsync(null, CancellationToken.None)).Single(key => key.KeyId == made.KeyId).Should().Be(made with { Key = null });
        var stored = (await Node.Database.ReadAsync(connection => connection.QueryAsync<ApiKeyRow>("ListApiKeys"))).Single(row => row.Id == made.KeyId);
        stored.ProducerId.Should().Be(0, "such a node looks for the producer of a key, and takes one without for an operator's");
    }

    [Test]
    public async Task AKeyOfANodeThatKnowsNoRoles_IsAnOperators()
    {
        KeyHash.TryOf(NodeActions.Unique("key"), out var hash);
        var id = NodeActions.Unique("id");
        await using (var connection = await Node.Database.OpenConnectionAsync(CancellationToken.None))
            await connection.ExecuteAsync("INSERT INTO api_keys (id, producer_id, key_hash, created_at) VALUES (@id, NULL, @hash, 0); UPDATE registry SET version = version + 1;", new { id, hash = hash.ToArray() });
        await Node.Registry.RefreshAsync(CancellationToken.None);

        Node.Registry.Current.FindKeyHolder(hash).Should().Be(new Caller(CallerKind.Admin, null, "admin:" + id));
    }

    [Test]
    public async Task ALongDetail_IsCut()
    {
        var (before, after) = ("http://127.0.0.1:9/" + new string('a', 2020), "http://127.0.0.1:9/" + new string('b', 2020));
        var name = NodeActions.Unique("shop");
        await PutAsync(name, Asked with { CheckBackUrl = before });
        await PutAsync(name, Asked with { CheckBackUrl = after });

        (await EntriesAsync(("producer", name)))[0].Detail.Should().HaveLength(AuditEntry.MaxDetailLength).And.StartWith("checkBackUrl: " + before).And.EndWith("b…");
    }

    private Task PutAsync(string name, ProducerRequest request) => Node.Get<ProducerAdministration>().PutAsync(name, request, "admin:1");

    private async Task<IReadOnlyList<AuditEntryResource>> EntriesAsync(params (string Name, string Value)[] query)
    {
        var values = new QueryCollection(query.ToDictionary(pair => pair.Name, pair => new StringValues(pair.Value)));
        return (await Node.Get<AuditReader>().ListAsync(AuditQuery.Parse(values, new FieldErrors())!, CancellationToken.None)).Items;
    }
}
