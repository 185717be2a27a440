using Microsoft.AspNetCore.Http;

namespace TxMsg.FaultTests.Workload;

/// <summary>A delivery that a consumer holds in its hands.</summary>
/// <param name="Context">For a consumer that answers byte by byte itself.</param>
/// <param name="End">Cancelled when the coordinator hangs up, or the run is over.</param>
internal sealed record Delivery(MessageRecord Message, string Consumer, int Attempt, HttpContext Context, CancellationToken End);

/// <summary>How a consumer answers.</summary>
/// <param name="Status">Null: the connection is cut without an answer.</param>
/// <param name="IsAcknowledgement">Whether the coordinator has no reason to send the message again.</param>
internal sealed record ConsumerAnswer(int? Status, bool IsAcknowledgement)
{
    public static ConsumerAnswer Acknowledge { get; } = new(200, true);

    /// <summary>The work is done, but nobody hears of it.</summary>
    public static ConsumerAnswer Cut { get; } = new(null, false);

    public static ConsumerAnswer Fail(int status) => new(status, false);
}
