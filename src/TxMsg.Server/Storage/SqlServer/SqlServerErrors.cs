using System.Collections.Frozen;
using Microsoft.Data.SqlClient;

namespace TxMsg.Server.Storage.SqlServer;

/// <summary>What the numbers of SQL Server's errors mean: the numbers are documented and the same in every language, the texts are not.</summary>
internal static class SqlServerErrors
{
    // The other end is a replica that takes no writes or serves nobody, or a database that is not (yet) open there. The connection stays
    // whole, and would find the same again for as long as it is kept; a new one goes where the primary is now.
    private static readonly FrozenSet<int> OfTheReplica = new[] { 904, 921, 945, 976, 978, 979, 982, 983, 3906, 40613 }.ToFrozenSet();

    private static readonly FrozenSet<int> Transient = OfTheReplica.Concat(
    [
        // Another transaction: deadlock, lock timeout, no lock to be had, write conflicts of versions and of memory-optimised tables.
        1205, 1222, 1204, 1221, 3960, 3961, 41301, 41302, 41305, 41325, 41839,

        // Time is over; the connection was lost or cannot be made (client, TCP on Windows, TCP on Linux, named host unknown).
        -2, -1, 0, 2, 20, 53, 64, 121, 233, 258, 10053, 10054, 10060, 10061, 11001, 104, 110, 111, 113,

        // Fail-over, restart, a database that is just moved.
        601, 615, 617, 669, 671, 922, 926, 952, 4060, 4221, 6005, 14355, 17142, 18401, 40143, 40166, 40197,

        // The server or the pool is busy, or limits what it takes.
        701, 802, 8628, 8645, 8651, 10928, 10929, 10936, 17197, 40501, 40540, 40549, 40550, 42108, 42109, 49918, 49919, 49920,

        // No number of SQL Server: the catch-all of compatible TDS servers that have none for a lock timeout or write conflict.
        33557097,
    ]).ToFrozenSet();

    // Null, constraint, conversion, overflow, text that is too long, a value out of range, a set's column that does not fit.
    private static readonly FrozenSet<int> OfTheRow = new[]
    {
        220, 232, 241, 242, 244, 245, 248, 295, 515, 517, 547, 2601, 2627, 2628, 3606, 8114, 8115, 8134, 8152, 8169,
    }.ToFrozenSet();

    /// <summary>Whether the same transaction may succeed when run again.</summary>
    public static bool IsTransient(SqlException exception) => Any(exception, Transient.Contains);

    /// <summary>Whether the server did not answer in time: a statement, or in connecting.</summary>
    public static bool IsTimeout(SqlException exception) => Any(exception, static number => number == -2);

    /// <summary>Whether the connection leads to where the database cannot be written (any more): another may lead elsewhere.</summary>
    public static bool IsOfTheReplica(SqlException exception) => Any(exception, OfTheReplica.Contains);

    /// <summary>Whether a lock was not to be had in time; the second is that of servers that have no number for it.</summary>
    public static bool IsBlocked(SqlException exception) => Any(exception, static number => number is 1222 or 33557097);

    /// <summary>Whether the server lacks resources, or the connection to it failed: severities 17 to 20 (sys.messages). Those above
    /// are damage.</summary>
    public static bool IsOfTheServer(SqlException exception) => exception.Class is >= 17 and <= 20;

    /// <summary>Whether a unique index refused a row.</summary>
    public static bool IsDuplicateKey(SqlException exception) => Any(exception, static number => number is 2601 or 2627);

    /// <summary>Whether a value was refused.</summary>
    public static bool IsFaultOfTheRow(SqlException exception) => Any(exception, OfTheRow.Contains) && !IsTransient(exception);

    // One exception may carry several errors, and the telling one need not be the first.
    private static bool Any(SqlException exception, Func<int, bool> matches)
    {
        foreach (SqlError error in exception.Errors)
            if (matches(error.Number)) return true;
        return false;
    }
}
