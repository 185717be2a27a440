using System.Collections.Frozen;
using System.Reflection;
using System.Text;

namespace TxMsg.Server.Storage;

/// <summary>The statements of one database by name, read from the scripts in <c>sql/</c> that are embedded in this assembly.
/// A statement begins at a line <c>-- name: VerbPhrase</c> and ends at the next one.</summary>
public sealed class SqlCatalogue
{
    private const string NameMarker = "-- name: ";

    private readonly string folder;
    private readonly FrozenDictionary<string, string> statements;

    private SqlCatalogue(string folder, FrozenDictionary<string, string> statements, IReadOnlyList<SchemaScript> schema)
    {
        this.folder = folder;
        this.statements = statements;
        Schema = schema;
    }

    /// <summary>The numbered schema scripts, in order.</summary>
    public IReadOnlyList<SchemaScript> Schema { get; }

    /// <summary>The names of all statements.</summary>
    public IEnumerable<string> Names => statements.Keys;

    /// <summary>The text of a statement.</summary>
    /// <exception cref="KeyNotFoundException">The scripts have no such statement.</exception>
    public string this[string name] => statements.TryGetValue(name, out var sql)
        ? sql
        : throw new KeyNotFoundException($"sql/{folder} has no statement named {name}.");

    /// <summary>The same with another text of one statement: what would happen if that were wrong.</summary>
    internal SqlCatalogue With(string name, string sql) =>
        new(folder, statements.Select(pair => pair.Key == name ? new(name, sql) : pair).ToFrozenDictionary(StringComparer.Ordinal), Schema);

    /// <summary>Reads the scripts of a folder of <c>sql/</c>: <c>sqlite</c> or <c>sqlserver</c>.</summary>
    public static SqlCatalogue Load(string folder)
    {
        var assembly = typeof(SqlCatalogue).Assembly;
        var prefix = $"sql/{folder}/";
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var schema = new List<SchemaScript>();
        foreach (var resource in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            var path = resource.Replace('\\', '/');
            if (!path.StartsWith(prefix, StringComparison.Ordinal)) continue;
            var text = ReadResource(assembly, resource);
            var file = path[prefix.Length..];
            if (file.StartsWith("schema/", StringComparison.Ordinal)) schema.Add(SchemaScript.Parse(file["schema/".Length..], text));
            else AddStatements(found, file, text);
        }

        schema.Sort((a, b) => a.Version.CompareTo(b.Version));
        return new SqlCatalogue(folder, found.ToFrozenDictionary(StringComparer.Ordinal), schema);
    }

    private static void AddStatements(Dictionary<string, string> found, string file, string text)
    {
        string? name = null;
        var body = new StringBuilder();
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith(NameMarker, StringComparison.Ordinal))
            {
                Finish(found, file, name, body);
                name = line[NameMarker.Length..].Trim();
            }
            else if (name is not null && !line.TrimStart().StartsWith("--", StringComparison.Ordinal))
            {
                body.Append(line.TrimEnd()).Append('\n');
            }
        }

        Finish(found, file, name, body);
    }

    private static void Finish(Dictionary<string, string> found, string file, string? name, StringBuilder body)
    {
        if (name is not null && !found.TryAdd(name, body.ToString().Trim()))
            throw new InvalidOperationException($"The statement {name} stands twice; the second time in {file}.");
        body.Clear();
    }

    private static string ReadResource(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
