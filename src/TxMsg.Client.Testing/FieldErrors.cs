using TxMsg.Client.Coordinator;

namespace TxMsg.Client.Testing;

/// <summary>What is wrong with a call, by field, in the coordinator's words.</summary>
internal sealed class FieldErrors
{
    private readonly Dictionary<string, string[]> errors = new(StringComparer.Ordinal);

    public void Add(string field, string error) => errors[field] = [.. errors.GetValueOrDefault(field, []), error];

    public void AddIf(bool isWrong, string field, string error)
    {
        if (isWrong) Add(field, error);
    }

    /// <exception cref="CoordinatorRefusedException">Something is wrong.</exception>
    public void ThrowIfAny()
    {
        if (errors.Count == 0) return;
        throw new CoordinatorRefusedException(400, string.Join("; ", errors.Select(error => $"{error.Key}: {string.Join(", ", error.Value)}")), errors);
    }
}
