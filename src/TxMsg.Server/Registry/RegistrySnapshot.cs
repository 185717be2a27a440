using System.Collections.Frozen;
using TxMsg.Server.Access;
using TxMsg.Server.Access.Keys;

namespace TxMsg.Server.Registry;

/// <summary>The producers, subscriptions and API keys at one version of the registry; never changes.</summary>
public sealed class RegistrySnapshot
{
    private readonly FrozenDictionary<string, Producer> producersByName;
    private readonly FrozenDictionary<long, Producer> producersById;
    private readonly FrozenDictionary<string, Subscription> subscriptionsByName;
    private readonly FrozenDictionary<long, Subscription> subscriptionsById;
    private readonly FrozenDictionary<string, Subscription[]> subscriptionsByTopic;
    private readonly FrozenDictionary<KeyHash, Caller> keyHolders;

    public RegistrySnapshot(long version, IReadOnlyList<Producer> producers, IReadOnlyList<Subscription> subscriptions, IReadOnlyList<ApiKey>? keys = null)
    {
        Version = version;
        Producers = producers;
        Subscriptions = subscriptions;
        ApiKeys = keys ?? [];
        // What was deleted and made anew while the rows were read may stand in them twice: the later one counts.
        producersByName = producers.Select(producer => KeyValuePair.Create(producer.Name, producer)).ToFrozenDictionary(StringComparer.Ordinal);
        producersById = producers.ToFrozenDictionary(producer => producer.Id);
        subscriptionsByName = subscriptions.Select(subscription => KeyValuePair.Create(subscription.Name, subscription)).ToFrozenDictionary(StringComparer.Ordinal);
        subscriptionsById = subscriptions.ToFrozenDictionary(subscription => subscription.Id);
        subscriptionsByTopic = subscriptions.GroupBy(subscription => subscription.Topic, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        keyHolders = HoldersOf(ApiKeys);
    }

    public static RegistrySnapshot Empty { get; } = new(0, [], []);

    public long Version { get; }

    public IReadOnlyList<Producer> Producers { get; }

    /// <summary>Those that are active or paused.</summary>
    public IReadOnlyList<Subscription> Subscriptions { get; }

    public IReadOnlyList<ApiKey> ApiKeys { get; }

    public Producer? FindProducer(string name) => producersByName.GetValueOrDefault(name);

    public Producer? FindProducer(long id) => producersById.GetValueOrDefault(id);

    public Subscription? FindSubscription(string name) => subscriptionsByName.GetValueOrDefault(name);

    public Subscription? FindSubscription(long id) => subscriptionsById.GetValueOrDefault(id);

    /// <summary>The subscriptions of a topic, whatever their tags.</summary>
    public ReadOnlySpan<Subscription> SubscriptionsOf(string topic) => subscriptionsByTopic.GetValueOrDefault(topic);

    /// <summary>Who holds the key with this hash.</summary>
    public Caller? FindKeyHolder(KeyHash hash) => keyHolders.GetValueOrDefault(hash);

    // One caller for each key, made once: a request allocates none.
    private FrozenDictionary<KeyHash, Caller> HoldersOf(IReadOnlyList<ApiKey> keys)
    {
        var holders = new Dictionary<KeyHash, Caller>();
        foreach (var key in keys)
        {
            if (key.ProducerId is not { } producerId) holders[key.Hash] = Caller.WithAdminKey(key.Id, key.Role);
            else if (FindProducer(producerId) is { } producer) holders[key.Hash] = Caller.OfProducer(producerId, producer.Name);
        }

        return holders.ToFrozenDictionary();
    }
}
