using System.Text.Json;
using TxMsg.Contracts.Operations;
using TxMsg.Server.Http;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.BulkActions;

/// <summary>A row of <c>bulk_actions</c>.</summary>
public sealed class BulkActionRow
{
    public long Seq { get; init; }

    public byte[] Id { get; init; } = [];

    public int Kind { get; init; }

    public int State { get; init; }

    public string Actor { get; init; } = "";

    public string Reason { get; init; } = "";

    public string Filter { get; init; } = "";

    public long? SubscriptionId { get; init; }

    public long? ProducerId { get; init; }

    public int PerSecond { get; init; }

    /// <summary>What was there when it was asked for: deliveries by id, messages by seq.</summary>
    public long UpTo { get; init; }

    public long Total { get; init; }

    public int TotalIsExact { get; init; }

    /// <summary>The last that was taken on: delivery, message, or place in the list of ids.</summary>
    public long Position { get; init; }

    /// <summary>How many were taken on, up to the position.</summary>
    public long Examined { get; init; }

    public long Done { get; init; }

    public long Failed { get; init; }

    public long? LeaseToken { get; init; }

    public long CreatedAt { get; init; }

    public long? StartedAt { get; init; }

    public long? FinishedAt { get; init; }

    public string? Error { get; init; }

    public Guid ActionId => new(Id, bigEndian: true);

    public BulkActionKind ActionKind => (BulkActionKind)Kind;

    public BulkActionState ActionState => (BulkActionState)State;

    /// <summary>Taken on, and there was nothing to do any more. While a batch is under way, what it has done is counted before what it has taken on.</summary>
    public long Skipped => Math.Max(0, Examined - Done - Failed);

    public BulkActionFilter ReadFilter() => JsonSerializer.Deserialize(Filter, WireJson.Default.BulkActionFilter)!;

    public BulkRun ToRun() => new(ActionState.ToWire(), Total, Done, Skipped, Failed);

    /// <summary>Without the ids, which may be a thousand.</summary>
    public BulkActionResource ToListItem()
    {
        var resource = ToResource();
        return resource with { Filter = resource.Filter with { MessageIds = null } };
    }

    public BulkActionResource ToResource() => new()
    {
        Id = ActionId,
        Kind = ActionKind.ToWire(),
        State = ActionState.ToWire(),
        Filter = ReadFilter(),
        Reason = Reason,
        Actor = Actor,
        PerSecond = PerSecond,
        Total = Total,
        TotalIsExact = TotalIsExact != 0,
        Done = Done,
        Skipped = Skipped,
        Failed = Failed,
        CreatedAt = MessageRow.Time(CreatedAt),
        StartedAt = MessageRow.Time(StartedAt),
        FinishedAt = MessageRow.Time(FinishedAt),
        Error = Error,
    };
}
