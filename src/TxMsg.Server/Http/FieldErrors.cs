namespace TxMsg.Server.Http;

/// <summary>What is wrong with a request, by field, in the words of the wire.</summary>
public sealed class FieldErrors
{
    private readonly Dictionary<string, string[]> errors = new(StringComparer.Ordinal);

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsEmpty => errors.Count == 0;

    /// <summary>The errors by field.</summary>
    public IReadOnlyDictionary<string, string[]> ByField => errors;

    /// <summary>Notes an error of a field.</summary>
    public void Add(string field, string error) =>
        errors[field] = errors.TryGetValue(field, out var earlier) ? [.. earlier, error] : [error];

    /// <summary>One line that names every field.</summary>
    public override string ToString() =>
        string.Join("; ", errors.Select(error => $"{error.Key}: {string.Join(", ", error.Value)}"));
}
