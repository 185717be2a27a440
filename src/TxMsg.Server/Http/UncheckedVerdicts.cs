using System.Text.Json;
using TxMsg.Contracts.Messages;

namespace TxMsg.Server.Http;

/// <summary>A <see cref="VerdictsRequest"/> of which each verdict is judged alone, whatever stands in it.</summary>
internal sealed record UncheckedVerdicts
{
    public required IReadOnlyList<JsonElement> Verdicts { get; init; }
}

/// <summary>A <see cref="VerdictItem"/> as it came.</summary>
internal sealed record UncheckedVerdict
{
    public string? Id { get; init; }

    public string? Verdict { get; init; }
}
