namespace TxMsg.Benchmarks.Ledger;

/// <summary>Every transaction of one measurement, its id, and whether it has been delivered: exactly once is checked, not assumed.
/// Belongs to the loop's thread.</summary>
internal sealed class TransactionLedger
{
    private readonly MessageIds ids = new();
    private long[] preparedAtMilliseconds = new long[65_536];
    private long[] commitSentAt = new long[65_536];
    private bool[] delivered = new bool[65_536];

    public int Begun { get; private set; }
    public int Committed { get; private set; }
    public int Delivered { get; private set; }
    public int Duplicates { get; private set; }
    public int Invented { get; private set; }
    public int Lost => Committed - Delivered;
    public bool AllDelivered => Delivered >= Committed;

    /// <summary>Makes the next transaction and returns its number.</summary>
    public int Begin()
    {
        if (Begun == delivered.Length)
            Grow();
        preparedAtMilliseconds[Begun] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        return Begun++;
    }

    public Guid IdOf(int number) => ids.Make(preparedAtMilliseconds[number], number);

    /// <summary>From here on a delivery is right, whether or not the answer to the commit has arrived.</summary>
    public void CommitSent(int number, long timestamp) => commitSentAt[number] = timestamp;

    public void CommitAnswered() => Committed++;

    public DeliveryVerdict Deliver(ReadOnlySpan<byte> idText, out long commitSent)
    {
        commitSent = 0;
        if (!IsCommitted(idText, out var number))
        {
            Invented++;
            return DeliveryVerdict.Invented;
        }

        if (delivered[number])
        {
            Duplicates++;
            return DeliveryVerdict.Duplicate;
        }

        delivered[number] = true;
        Delivered++;
        commitSent = commitSentAt[number];
        return DeliveryVerdict.Expected;
    }

    private bool IsCommitted(ReadOnlySpan<byte> idText, out int number) =>
        MessageIds.TryParse(idText, out var id, out number)
        && (uint)number < (uint)Begun
        && IdOf(number) == id
        && commitSentAt[number] != 0;

    private void Grow()
    {
        Array.Resize(ref preparedAtMilliseconds, Begun * 2);
        Array.Resize(ref commitSentAt, Begun * 2);
        Array.Resize(ref delivered, Begun * 2);
    }
}
