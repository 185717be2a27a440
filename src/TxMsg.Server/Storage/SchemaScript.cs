using System.Globalization;

namespace TxMsg.Server.Storage;

/// <summary>A numbered schema script, such as <c>0001_initial.sql</c>; never changed once shipped.</summary>
public sealed record SchemaScript(int Version, string Name, string Sql)
{
    /// <summary>The batches between lines that say only <c>GO</c>.</summary>
    public IEnumerable<string> Batches =>
        Sql.Split('\n')
            .Aggregate(new List<List<string>> { new() }, (batches, line) =>
            {
                if (line.Trim().Equals("GO", StringComparison.OrdinalIgnoreCase)) batches.Add([]);
                else batches[^1].Add(line);
                return batches;
            })
            .Select(lines => string.Join('\n', lines).Trim())
            .Where(batch => batch.Length > 0);

    internal static SchemaScript Parse(string file, string sql)
    {
        var underscore = file.IndexOf('_', StringComparison.Ordinal);
        return new SchemaScript(int.Parse(file[..underscore], CultureInfo.InvariantCulture), Path.GetFileNameWithoutExtension(file), sql);
    }
}
