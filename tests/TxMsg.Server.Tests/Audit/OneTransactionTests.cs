using FluentAssertions;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using TxMsg.Contracts.Registration;
using TxMsg.Server.Access.Keys;
using TxMsg.Server.Producers;
using TxMsg.Server.Registry;
using TxMsg.Server.Subscriptions;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Audit;

/// <summary>No change without its row in the audit: where the row cannot be written, nothing is changed.</summary>
public sealed class OneTransactionTests
{
    private static readonly ProducerRequest Moved = new() { CheckBackUrl = "http://127.0.0.1:9/moved" };
    private static readonly SubscriptionRequest MovedSubscription = new() { Topic = "orders", Endpoint = "http://127.0.0.1:9/moved" };

    private static readonly Dictionary<string, Func<TestNode, Task>> Changes = new()
    {
        ["a producer made"] = node => node.Get<ProducerAdministration>().PutAsync("other", Moved, "admin"),
        ["a producer changed"] = node => node.Get<ProducerAdministration>().PutAsync("shop", Moved, "admin"),
        ["a producer's secret rotated"] = node => node.Get<ProducerAdministration>().RotateSecretAsync("shop", "admin", null),
        ["a producer's key made"] = node => node.Get<ApiKeyAdministration>().CreateOfProducerAsync(1, "admin", null),
        ["a subscription made"] = node => node.Get<SubscriptionAdministration>().PutAsync("other", MovedSubscription, "admin"),
        ["a subscription changed"] = node => node.Get<SubscriptionAdministration>().PutAsync("billing", MovedSubscription, "admin"),
        ["a subscription's secret rotated"] = node => node.Get<SubscriptionAdministration>().RotateSecretAsync("billing", "admin", null),
        ["a subscription paused"] = node => node.Get<SubscriptionPauser>().PauseAsync("billing", "admin", null),
        ["a subscription resumed"] = node => node.Get<SubscriptionPauser>().ResumeAsync("idle", "admin", null),
        ["a subscription deleted"] = node => node.Get<SubscriptionAdministration>().DeleteAsync("billing", "admin", null),
        ["a key made"] = node => node.Get<ApiKeyAdministration>().CreateOfAdminAsync(AdminRole.Operator, null, "admin", null),
        ["a key deleted"] = async node => await node.Get<ApiKeyAdministration>().DeleteAsync(null, node.Get<RegistryCache>().Current.ApiKeys[0].Id, "admin", null),
    };

    private static IEnumerable<string> What => Changes.Keys;

    [TestCaseSource(nameof(What))]
    public async Task AChange_WhoseRowCannotBeWritten_IsNotMade(string what)
    {
        await using var node = await TestNode.StartAsync();
        await node.RegisterAsync();
        await node.SubscribeAsync();
        await node.SubscribeAsync("idle");
        await node.Get<SubscriptionPauser>().PauseAsync("idle", "admin", null);
        await node.Get<ApiKeyAdministration>().CreateOfAdminAsync(AdminRole.Operator, null, "admin", null);
        await node.ExecuteAsync("CREATE TRIGGER no_audit BEFORE INSERT ON operator_actions BEGIN SELECT RAISE(ABORT, 'no audit'); END;");
        var before = await FingerprintAsync(node);

        var changing = () => Changes[what](node);

        (await changing.Should().ThrowAsync<SqliteException>()).WithMessage("*no audit*");
        (await FingerprintAsync(node)).Should().Equal(before);
        await node.ExecuteAsync("DROP TRIGGER no_audit");
        await Changes[what](node);
        (await FingerprintAsync(node)).Should().NotEqual(before, "else this test proves nothing");
    }

    private static async Task<long?[]> FingerprintAsync(TestNode node) =>
    [
        await node.ReadAsync("SELECT version FROM registry"),
        await node.ReadAsync("SELECT COUNT(*) FROM producers"),
        await node.ReadAsync("SELECT COUNT(*) FROM producers WHERE check_back_url LIKE '%moved'"),
        await node.ReadAsync("SELECT COUNT(*) FROM producers WHERE previous_secret IS NOT NULL"),
        await node.ReadAsync("SELECT COUNT(*) FROM subscriptions"),
        await node.ReadAsync("SELECT SUM(state * id) FROM subscriptions"),
        await node.ReadAsync("SELECT COUNT(*) FROM subscriptions WHERE endpoint LIKE '%moved'"),
        await node.ReadAsync("SELECT COUNT(*) FROM subscriptions WHERE previous_secret IS NOT NULL"),
        await node.ReadAsync("SELECT COUNT(*) FROM api_keys"),
        await node.ReadAsync("SELECT COUNT(*) FROM operator_actions"),
    ];
}
