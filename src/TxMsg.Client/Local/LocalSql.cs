using System.Collections.Frozen;
using System.Text;

namespace TxMsg.Client.Local;

/// <summary>The statements of TxMsg's tables in a service's own database, by name, read from the scripts in <c>sql/client</c>.
/// A statement begins at a line <c>-- name: VerbPhrase</c> and ends at the next one.</summary>
internal sealed class LocalSql
{
    private const string NameMarker = "-- name: ";
    private static readonly LocalSql[] Dialects = [Load(SqlDialect.Sqlite), Load(SqlDialect.SqlServer)];

    private readonly SqlDialect dialect;
    private readonly FrozenDictionary<string, string> statements;

    private LocalSql(SqlDialect dialect, FrozenDictionary<string, string> statements)
    {
        this.dialect = dialect;
        this.statements = statements;
    }

    /// <summary>The names of all statements.</summary>
    public IEnumerable<string> Names => statements.Keys;

    /// <summary>The text of a statement.</summary>
    /// <exception cref="KeyNotFoundException">The scripts have no such statement.</exception>
    public string this[string name] => statements.TryGetValue(name, out var sql)
        ? sql
        : throw new KeyNotFoundException($"sql/client/{dialect.Folder()} has no statement named {name}.");

    /// <summary>The statements of a dialect.</summary>
    public static LocalSql Of(SqlDialect dialect) => Dialects[(int)dialect];

    private static LocalSql Load(SqlDialect dialect)
    {
        var assembly = typeof(LocalSql).Assembly;
        var prefix = $"sql/client/{dialect.Folder()}/";
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.Replace('\\', '/').StartsWith(prefix, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            foreach (var part in ("\n" + reader.ReadToEnd()).Split("\n" + NameMarker).Skip(1))
            {
                var end = part.IndexOf('\n', StringComparison.Ordinal);
                found.Add(part[..end].Trim(), WithoutComments(part[end..]));
            }
        }

        return new LocalSql(dialect, found.ToFrozenDictionary(StringComparer.Ordinal));
    }

    // A comment above a statement is about the statement below it, and none need be sent with every command.
    private static string WithoutComments(string sql) =>
        string.Join('\n', sql.Split('\n').Where(line => !line.TrimStart().StartsWith("--", StringComparison.Ordinal)).Select(line => line.TrimEnd())).Trim();
}
