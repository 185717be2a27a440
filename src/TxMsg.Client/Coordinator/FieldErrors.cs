namespace TxMsg.Client.Coordinator;

/// <summary>What is wrong with a call, by field, in the coordinator's words.</summary>
internal sealed class FieldErrors
{
    private readonly Dictionary<string, string[]> errors = new(StringComparer.Ordinal);

    public bool IsEmpty => errors.Count == 0;

    public void Add(string field, string error) => errors[field] = [.. errors.GetValueOrDefault(field, []), error];

    public void AddIf(bool isWrong, string field, string error)
    {
        if (isWrong) Add(field, error);
    }

    /// <summary>What the coordinator answers.</summary>
    public CoordinatorRefusedException ToRefusal() => new(400, ToString(), errors);

    /// <summary>One line that names every field.</summary>
    public override string ToString() => string.Join("; ", errors.Select(error => $"{error.Key}: {string.Join(", ", error.Value)}"));
}
