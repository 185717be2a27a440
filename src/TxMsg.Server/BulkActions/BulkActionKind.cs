using TxMsg.Contracts.Operations;
using TxMsg.Server.Audit;

namespace TxMsg.Server.BulkActions;

/// <summary>What a bulk action does; the numbers stand in the store.</summary>
public enum BulkActionKind
{
    /// <summary>Tries dead letters again.</summary>
    Redeliver = 0,

    /// <summary>Gives dead letters up.</summary>
    Discard = 1,

    /// <summary>Asks the producers of undecided messages.</summary>
    CheckBack = 2,

    /// <summary>Commits undecided messages.</summary>
    Commit = 3,

    /// <summary>Rolls undecided messages back.</summary>
    Rollback = 4,
}

/// <summary>The kinds in the words of the wire.</summary>
public static class BulkActionKindNames
{
    /// <summary>The kind's name in JSON.</summary>
    public static string ToWire(this BulkActionKind kind) => kind switch
    {
        BulkActionKind.Redeliver => BulkActionKinds.Redeliver,
        BulkActionKind.Discard => BulkActionKinds.Discard,
        BulkActionKind.CheckBack => BulkActionKinds.CheckBack,
        BulkActionKind.Commit => BulkActionKinds.Commit,
        BulkActionKind.Rollback => BulkActionKinds.Rollback,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>The kind of a name in JSON, or null.</summary>
    public static BulkActionKind? Parse(string name) => name switch
    {
        BulkActionKinds.Redeliver => BulkActionKind.Redeliver,
        BulkActionKinds.Discard => BulkActionKind.Discard,
        BulkActionKinds.CheckBack => BulkActionKind.CheckBack,
        BulkActionKinds.Commit => BulkActionKind.Commit,
        BulkActionKinds.Rollback => BulkActionKind.Rollback,
        _ => null,
    };

    /// <summary>What is recorded of who asked for it.</summary>
    public static string ToAction(this BulkActionKind kind) => kind switch
    {
        BulkActionKind.Redeliver => AuditActions.BulkRedeliver,
        BulkActionKind.Discard => AuditActions.BulkDiscard,
        BulkActionKind.CheckBack => AuditActions.BulkCheckBack,
        BulkActionKind.Commit => AuditActions.BulkCommit,
        BulkActionKind.Rollback => AuditActions.BulkRollback,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>Whether it is about dead letters; else about undecided messages.</summary>
    public static bool IsOfDeadLetters(this BulkActionKind kind) => kind is BulkActionKind.Redeliver or BulkActionKind.Discard;

    /// <summary>At most so many a second, unless it is asked for: what calls nobody may be quick.</summary>
    public static int DefaultPerSecond(this BulkActionKind kind) => kind is BulkActionKind.Discard or BulkActionKind.Rollback ? 500 : 50;
}
