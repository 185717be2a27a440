using System.Buffers;

namespace TxMsg.Server.Http;

/// <summary>What names of producers, subscriptions and topics may be made of.</summary>
public static class Names
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxLength = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>What is wrong with a name, or null.</summary>
    public static string? Check(string? name)
    {
        if (string.IsNullOrEmpty(name)) return "This field is required.";
        if (name.Length > MaxLength) return $"At most {MaxLength} characters.";
        return name.AsSpan().ContainsAnyExcept(Allowed) ? "Only letters, digits, '.', '_' and '-'." : null;
    }
}
