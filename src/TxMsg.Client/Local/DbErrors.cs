using System.Collections.Concurrent;
using System.Data.Common;
using System.Reflection;

namespace TxMsg.Client.Local;

/// <summary>What the numbers of the databases' errors mean. Read by the property's name, as the SDK depends on no provider.</summary>
internal static class DbErrors
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo?> Numbers = new();

    /// <summary>Whether a primary key or a unique index refused the row.</summary>
    public static bool IsDuplicateKey(DbException exception) => NumberOf(exception) switch
    {
        // SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE
        1555 or 2067 => IsSqlite(exception),
        2601 or 2627 => !IsSqlite(exception),
        _ => false,
    };

    /// <summary>Whether another transaction stood in the way for longer than this one may wait: trying again may succeed.</summary>
    public static bool IsLocked(DbException exception) => IsSqlite(exception)
        // SQLITE_BUSY and SQLITE_LOCKED, with what their extended codes add
        ? (NumberOf(exception) & 0xff) is 5 or 6
        // Deadlock, lock timeout, snapshot write conflict; the last is what compatible servers report for the latter two.
        : NumberOf(exception) is 1205 or 1222 or 3960 or 33557097;

    /// <summary>Whether SQLite refused a transaction that read before another one wrote: it can never write any more.</summary>
    public static bool IsStaleSnapshot(DbException exception) =>
        // SQLITE_BUSY_SNAPSHOT
        IsSqlite(exception) && NumberOf(exception) == 517;

    private static bool IsSqlite(DbException exception) => exception.GetType().Name == "SqliteException";

    private static int NumberOf(DbException exception)
    {
        var number = Numbers.GetOrAdd(exception.GetType(), static type => type.GetProperty(type.Name == "SqliteException" ? "SqliteExtendedErrorCode" : "Number"));
        return number?.GetValue(exception) is int value ? value : 0;
    }
}
