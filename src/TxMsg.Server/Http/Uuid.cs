using System.Diagnostics.CodeAnalysis;

namespace TxMsg.Server.Http;

/// <summary>Ids on the wire: 36 characters, nothing around them.</summary>
public static class Uuid
{
    private const int Length = 36;

    /// <summary>Reads one. The runtime's own reader takes white space before and after it.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Guid id)
    {
        if (text?.Length == Length) return Guid.TryParseExact(text, "D", out id);
        id = default;
        return false;
    }
}
