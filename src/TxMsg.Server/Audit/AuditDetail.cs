using System.Text.RegularExpressions;

namespace TxMsg.Server.Audit;

/// <summary>How settings stand in the detail of an entry, by the names that they have on the wire.</summary>
public static partial class AuditDetail
{
    private const string Default = "default";

    /// <summary>What is set: <c>name: value; name: value</c>; null when nothing is.</summary>
    public static string? Of(params IEnumerable<(string Name, string? Value)> settings) =>
        Join(settings.Where(setting => setting.Value is not null).Select(setting => $"{setting.Name}: {setting.Value}"));

    /// <summary>What differs: <c>name: old -> new</c>; null when nothing does. Both have the same names in the same order.</summary>
    public static string? OfChange(IEnumerable<(string Name, string? Value)> before, IEnumerable<(string Name, string? Value)> after) =>
        Join(before.Zip(after)
            .Where(pair => pair.First.Value != pair.Second.Value)
            .Select(pair => $"{pair.First.Name}: {pair.First.Value ?? Default} -> {pair.Second.Value ?? Default}"));

    /// <summary>What the endpoint was before a change of a subscription; null where it did not change. There is no space in an endpoint.</summary>
    public static string? EndpointBefore(string? change) => change is not null && EndpointChange.Match(change) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex("(?:^|; )endpoint: (\\S+) -> ")]
    private static partial Regex EndpointChange { get; }

    private static string? Join(IEnumerable<string> parts) => string.Join("; ", parts) is { Length: > 0 } text ? text : null;
}
