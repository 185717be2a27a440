using System.Collections.Immutable;

namespace TxMsg.AcceptanceTests.Harness;

/// <summary>Configuration of one coordinator, by the keys of the documentation (<c>TxMsg:CheckBacks:SweepInterval</c>).</summary>
public sealed class Settings
{
    private readonly ImmutableDictionary<string, string> values;

    private Settings(ImmutableDictionary<string, string> values) => this.values = values;

    public static Settings None { get; } = new(ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase));

    /// <summary>Quick timers; check-backs begin so late that only a test that asks for one sees it.</summary>
    public static Settings ForTests { get; } = None
        .With("TxMsg:CheckBacks:CheckBackAfter", "01:00:00")
        .With("TxMsg:CheckBacks:SweepInterval", "00:00:01")
        .With("TxMsg:CheckBacks:MinBackoff", "00:00:01")
        .With("TxMsg:CheckBacks:MaxBackoff", "00:00:02")
        .With("TxMsg:CheckBacks:Timeout", "00:00:02");

    public Settings With(string key, string value) => new(values.SetItem(key, value));

    public Settings With(Settings others) => new(values.SetItems(others.values));

    /// <summary>Everybody needs a key; webhooks may still call this machine.</summary>
    public Settings RequiringKeys(string adminKey) => With("TxMsg:Access:Mode", "ApiKeys")
        .With("TxMsg:Access:AdminKey", adminKey)
        .With("TxMsg:Webhooks:AllowedNetworks:0", "127.0.0.0/8");

    public IEnumerable<KeyValuePair<string, string>> AsEnvironment() =>
        values.Select(pair => KeyValuePair.Create(pair.Key.Replace(":", "__", StringComparison.Ordinal), pair.Value));
}
