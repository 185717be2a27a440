namespace TxMsg.Server.Http;

/// <summary>What is wrong with a request, by field, in the words of the wire. A request may be wrong in a million places:
/// the first few tell enough.</summary>
public sealed class FieldErrors
{
    private const int MaxFields = 50;
    private const int MaxErrorsOfAField = 5;
    private const int MaxNameLength = 256;

    private readonly Dictionary<string, string[]> errors = new(StringComparer.Ordinal);

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsEmpty => errors.Count == 0;

    /// <summary>The errors by field.</summary>
    public IReadOnlyDictionary<string, string[]> ByField => errors;

    /// <summary>Notes an error of a field.</summary>
    public void Add(string field, string error)
    {
        if (field.Length > MaxNameLength) field = field[..MaxNameLength];
        if (!errors.TryGetValue(field, out var earlier))
        {
            if (errors.Count < MaxFields) errors.Add(field, [error]);
        }
        else if (earlier.Length < MaxErrorsOfAField)
        {
            errors[field] = [.. earlier, error];
        }
    }

    /// <summary>One line that names every field.</summary>
    public override string ToString() =>
        string.Join("; ", errors.Select(error => $"{error.Key}: {string.Join(", ", error.Value)}"));
}
