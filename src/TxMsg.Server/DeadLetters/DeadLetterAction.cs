namespace TxMsg.Server.DeadLetters;

/// <summary>What a person does with a dead letter.</summary>
public enum DeadLetterAction
{
    /// <summary>Tries it again, the schedule beginning anew.</summary>
    Redeliver,

    /// <summary>Gives it up.</summary>
    Discard,
}
