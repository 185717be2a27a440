namespace TxMsg.Server.Hosting.Configuration;

/// <summary>A section of the configuration that a feature reads: what <c>--help</c> shows, and what is not a typing mistake.</summary>
/// <param name="Path">Where it stands: <c>TxMsg:Deliveries</c>.</param>
/// <param name="Type">The class whose properties are its keys.</param>
/// <param name="RuleOf">What a key's value must be, in words; null where everything of its type will do.</param>
public sealed record OptionsSection(string Path, Type Type, Func<string, string?> RuleOf)
{
    /// <summary>The name of this section below another one, or null when it stands elsewhere.</summary>
    public string? NameBelow(string parent) =>
        Path.Length > parent.Length && Path[parent.Length] == ':' && Path.StartsWith(parent, StringComparison.OrdinalIgnoreCase)
            ? Path[(parent.Length + 1)..].Split(':')[0]
            : null;
}
