namespace TxMsg.Server.Transactions;

/// <summary>Who gave a verdict; the numbers stand in the store.</summary>
public enum VerdictSource
{
    /// <summary>The producer, by a call of its own.</summary>
    Producer = 0,

    /// <summary>The producer, asked.</summary>
    CheckBack = 1,

    /// <summary>A person.</summary>
    Operator = 2,
}

/// <summary>Sources in the words of the wire.</summary>
public static class VerdictSourceNames
{
    /// <summary>The source's name in JSON.</summary>
    public static string ToWire(this VerdictSource source) => source switch
    {
        VerdictSource.Producer => "producer",
        VerdictSource.CheckBack => "checkBack",
        _ => "operator",
    };
}
