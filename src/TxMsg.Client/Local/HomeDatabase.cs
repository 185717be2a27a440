using System.Data.Common;

namespace TxMsg.Client.Local;

/// <summary>The one database that a service's connections go to, so that one to another database is noticed before anything depends on it. A file of SQLite
/// is told by its full path, links followed; one in memory by its name; a database of SQL Server by its name alone, as one server has many names.</summary>
/// <param name="connect">Opens it; null where nothing is to be compared.</param>
/// <param name="option">What the caller knows that function as.</param>
internal sealed class HomeDatabase(Func<DbConnection>? connect, string option)
{
    // The system's own limit, past which SQLite opens nothing either.
    private const int MaxLinks = 40;
    private const string DataDirectory = "|DataDirectory|";

    private static readonly StringComparison PathComparison =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    private Place? home;

    /// <summary>Refuses a connection to another database.</summary>
    /// <param name="connection">Open or closed.</param>
    /// <param name="reason">Why it must be the same one.</param>
    /// <param name="parameter">What the caller gave it as.</param>
    /// <exception cref="ArgumentException">It is to another database; the message names both.</exception>
    /// <exception cref="NotSupportedException">The provider is neither SQLite's nor SQL Server's.</exception>
    public void Require(DbConnection connection, string reason, string parameter)
    {
        if (connect is null) return;
        var given = PlaceOf(connection);
        home ??= FindHome(connect);
        if (!IsSame(given, home))
            throw new ArgumentException($"The connection is to the {given}, but {option} opens the {home}. {reason} Use one database for both.", parameter);
    }

    private static Place FindHome(Func<DbConnection> connect)
    {
        using var connection = connect();
        return PlaceOf(connection);
    }

    private static Place PlaceOf(DbConnection connection)
    {
        if (SqlDialects.DialectOf(connection) == SqlDialect.SqlServer) return new Place(SqlDialect.SqlServer, connection.Database, IsFile: false);
        // The text rather than the property, which for an open connection says it in SQLite's words.
        var settings = new DbConnectionStringBuilder { ConnectionString = connection.ConnectionString };
        var source = SettingOf(settings, "Data Source") ?? SettingOf(settings, "DataSource") ?? SettingOf(settings, "Filename") ?? "";
        var isInMemory = source.Length == 0 || source == ":memory:" || string.Equals(SettingOf(settings, "Mode"), "Memory", StringComparison.OrdinalIgnoreCase);
        if (!source.StartsWith("file:", StringComparison.OrdinalIgnoreCase)) return new Place(SqlDialect.Sqlite, source, !isInMemory);
        var path = source["file:".Length..];
        var end = path.AsSpan().IndexOfAny('?', '#');
        isInMemory |= end >= 0 && (path.Contains("mode=memory", StringComparison.Ordinal) || path.Contains("vfs=memdb", StringComparison.Ordinal));
        if (end >= 0) path = path[..end];
        if (path.StartsWith("//", StringComparison.Ordinal)) path = path.IndexOf('/', 2) is > 0 and var root ? path[root..] : "";
        path = Uri.UnescapeDataString(path);
        return new Place(SqlDialect.Sqlite, path, !isInMemory && path is not (":memory:" or ""));
    }

    private static string? SettingOf(DbConnectionStringBuilder settings, string name) => settings.TryGetValue(name, out var value) ? value as string : null;

    private static bool IsSame(Place one, Place other)
    {
        if (one == other) return true;
        if (one.Dialect != other.Dialect || one.IsFile != other.IsFile) return false;
        // Without a name it is the login's default database, which only the server knows.
        if (one.Dialect == SqlDialect.SqlServer) return one.Name.Length == 0 || other.Name.Length == 0 || string.Equals(one.Name, other.Name, StringComparison.OrdinalIgnoreCase);
        return one.IsFile && string.Equals(FullPathOf(one.Name), FullPathOf(other.Name), PathComparison);
    }

    private static string FullPathOf(string path)
    {
        // As the provider completes it.
        if (AppDomain.CurrentDomain.GetData("DataDirectory") is string { Length: > 0 } directory && !Path.IsPathRooted(path))
            path = Path.Combine(directory, path.StartsWith(DataDirectory, StringComparison.OrdinalIgnoreCase) ? path[DataDirectory.Length..].TrimStart('/', '\\') : path);
        return FollowLinks(Path.GetFullPath(path), 0);
    }

    private static string FollowLinks(string path, int links)
    {
        if (links == MaxLinks || Path.GetDirectoryName(path) is not { } parent) return path;
        path = Path.Combine(FollowLinks(parent, links), Path.GetFileName(path));
        try
        {
            return new FileInfo(path).ResolveLinkTarget(returnFinalTarget: false) is { } target ? FollowLinks(target.FullName, links + 1) : path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What is not there is no link.
            return path;
        }
    }

    private sealed record Place(SqlDialect Dialect, string Name, bool IsFile)
    {
        public override string ToString() => (Dialect, IsFile) switch
        {
            (SqlDialect.SqlServer, _) => $"SQL Server database '{Name}'",
            (_, true) => $"SQLite file '{Name}'",
            _ => $"SQLite database in memory '{Name}'",
        };
    }
}
