using System.Collections.ObjectModel;

namespace TxMsg.Server.Http;

/// <summary>What is wrong with a request, by field, in the words of the wire. A request may be wrong in a million places:
/// the first few tell enough.</summary>
public sealed class FieldErrors
{
    private const int MaxFields = 50;
    private const int MaxErrorsOfAField = 5;
    private const int MaxNameLength = 256;

    // Most requests are right and need none.
    private Dictionary<string, string[]>? errors;

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsEmpty => errors is null;

    /// <summary>The errors by field.</summary>
    public IReadOnlyDictionary<string, string[]> ByField => (IReadOnlyDictionary<string, string[]>?)errors ?? ReadOnlyDictionary<string, string[]>.Empty;

    /// <summary>Notes an error of a field.</summary>
    public void Add(string field, string error)
    {
        if (field.Length > MaxNameLength) field = field[..MaxNameLength];
        errors ??= new Dictionary<string, string[]>(StringComparer.Ordinal);
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
        string.Join("; ", ByField.Select(error => $"{error.Key}: {string.Join(", ", error.Value)}"));
}
