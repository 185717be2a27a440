using System.Collections.Frozen;

namespace TxMsg.Server.Registry;

/// <summary>The producers and subscriptions at one version of the registry; never changes.</summary>
public sealed class RegistrySnapshot
{
    private readonly FrozenDictionary<string, Producer> producersByName;
    private readonly FrozenDictionary<long, Producer> producersById;
    private readonly FrozenDictionary<string, Subscription> subscriptionsByName;
    private readonly FrozenDictionary<long, Subscription> subscriptionsById;
    private readonly FrozenDictionary<string, Subscription[]> subscriptionsByTopic;

    public RegistrySnapshot(long version, IReadOnlyList<Producer> producers, IReadOnlyList<Subscription> subscriptions)
    {
        Version = version;
        Producers = producers;
        Subscriptions = subscriptions;
        producersByName = producers.ToFrozenDictionary(producer => producer.Name, StringComparer.Ordinal);
        producersById = producers.ToFrozenDictionary(producer => producer.Id);
        subscriptionsByName = subscriptions.ToFrozenDictionary(subscription => subscription.Name, StringComparer.Ordinal);
        subscriptionsById = subscriptions.ToFrozenDictionary(subscription => subscription.Id);
        subscriptionsByTopic = subscriptions.GroupBy(subscription => subscription.Topic, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
    }

    public static RegistrySnapshot Empty { get; } = new(0, [], []);

    public long Version { get; }

    public IReadOnlyList<Producer> Producers { get; }

    /// <summary>Those that are active or paused.</summary>
    public IReadOnlyList<Subscription> Subscriptions { get; }

    public Producer? FindProducer(string name) => producersByName.GetValueOrDefault(name);

    public Producer? FindProducer(long id) => producersById.GetValueOrDefault(id);

    public Subscription? FindSubscription(string name) => subscriptionsByName.GetValueOrDefault(name);

    public Subscription? FindSubscription(long id) => subscriptionsById.GetValueOrDefault(id);

    /// <summary>The subscriptions of a topic, whatever their tags.</summary>
    public IReadOnlyList<Subscription> SubscriptionsOf(string topic) => subscriptionsByTopic.GetValueOrDefault(topic) ?? [];
}
