using TxMsg.Server.Registry;

namespace TxMsg.Server.Dashboard.Parts;

/// <summary>Who did something, as it stands in the audit, and beside it what people call the key that they did it with.</summary>
internal sealed class Actors(RegistrySnapshot registry)
{
    private readonly Dictionary<string, string> names = registry.ApiKeys
        .Where(key => key.ProducerId is null && key.Name is not null).ToDictionary(key => key.Id, key => key.Name!, StringComparer.Ordinal);

    /// <summary>The actor: <c>admin:0198...</c> and, as long as the key is there, its name.</summary>
    public Html Of(string actor) => Html.Of($"{Lists.Foreign(actor, 128)}{Html.If(NameOf(actor) is not null, () => Html.Of($" ({Lists.Foreign(NameOf(actor))})"))}");

    // Producers are called "producer:name", and none of them like a key.
    private string? NameOf(string actor) => actor.Split(':', 2) is ["admin" or "viewer", var keyId] ? names.GetValueOrDefault(keyId) : null;
}
