using TxMsg.Server.Transactions;

namespace TxMsg.Server.CheckBacks;

/// <summary>A half message that this node asks about.</summary>
public sealed class OverdueMessage
{
    public long Seq { get; init; }

    public byte[] Id { get; init; } = [];

    public long ProducerId { get; init; }

    public string Topic { get; init; } = "";

    public string? Key { get; init; }

    public string? TraceParent { get; init; }

    public int State { get; init; }

    public long PreparedAt { get; init; }

    /// <summary>How many questions there were before this one, those among them that nobody recorded.</summary>
    public int CheckBacks { get; init; }

    /// <summary>This question's number; no other one in the message's timeline has it.</summary>
    public int Attempt => CheckBacks + 1;

    public int UnknownAnswers { get; init; }

    /// <summary>The claim's token: fences off a node that asked too slowly.</summary>
    public long CheckBackToken { get; init; }

    public Guid MessageId => new(Id, bigEndian: true);

    public MessageState MessageState => (MessageState)State;
}
