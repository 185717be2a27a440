namespace TxMsg.Benchmarks.Ledger;

/// <summary>Every transaction of one measurement, its id, and whether it has been delivered: exactly once is checked, not assumed.
/// Any thread may use it.</summary>
internal sealed class TransactionLedger
{
    // One lock for all: the arrays are replaced when they grow, and taken without contention it costs some 20 ns.
    private readonly Lock gate = new();
    private readonly MessageIds ids = new();
    private long[] preparedAtMilliseconds = new long[65_536];
    private long[] commitSentAt = new long[65_536];
    private bool[] delivered = new bool[65_536];
    private volatile int begun;
    private volatile int committed;
    private volatile int deliveredOnce;
    private volatile int duplicates;
    private volatile int invented;

    public int Begun => begun;
    public int Committed => committed;
    public int Delivered => deliveredOnce;
    public int Duplicates => duplicates;
    public int Invented => invented;
    public int Lost => Committed - Delivered;
    public bool AllDelivered => Delivered >= Committed;

    /// <summary>Makes the next transaction and returns its number.</summary>
    public int Begin()
    {
        lock (gate)
        {
            if (begun == delivered.Length)
                Grow();
            preparedAtMilliseconds[begun] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            return begun++;
        }
    }

    public Guid IdOf(int number)
    {
        lock (gate)
            return ids.Make(preparedAtMilliseconds[number], number);
    }

    /// <summary>From here on a delivery is right, whether or not the answer to the commit has arrived.</summary>
    public void CommitSent(int number, long timestamp)
    {
        lock (gate)
            commitSentAt[number] = timestamp;
    }

    public void CommitAnswered()
    {
        lock (gate)
            committed++;
    }

    public DeliveryVerdict Deliver(ReadOnlySpan<byte> idText, out long commitSent)
    {
        lock (gate)
        {
            commitSent = 0;
            if (!IsCommitted(idText, out var number))
            {
                invented++;
                return DeliveryVerdict.Invented;
            }

            if (delivered[number])
            {
                duplicates++;
                return DeliveryVerdict.Duplicate;
            }

            delivered[number] = true;
            deliveredOnce++;
            commitSent = commitSentAt[number];
            return DeliveryVerdict.Expected;
        }
    }

    private bool IsCommitted(ReadOnlySpan<byte> idText, out int number) =>
        MessageIds.TryParse(idText, out var id, out number)
        && (uint)number < (uint)begun
        && ids.Make(preparedAtMilliseconds[number], number) == id
        && commitSentAt[number] != 0;

    private void Grow()
    {
        Array.Resize(ref preparedAtMilliseconds, begun * 2);
        Array.Resize(ref commitSentAt, begun * 2);
        Array.Resize(ref delivered, begun * 2);
    }
}
