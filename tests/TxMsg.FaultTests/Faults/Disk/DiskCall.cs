using System.Globalization;

namespace TxMsg.FaultTests.Faults.Disk;

/// <summary>A write, truncation or flush of a file, as it was recorded.</summary>
/// <param name="Began">In seconds since 1970, as are all times here.</param>
/// <param name="Data">What a write wrote; empty for a truncation, null for a flush.</param>
/// <param name="Place">Where a write went; the new length of a truncated file.</param>
internal sealed record DiskCall(string File, decimal Began, decimal Ended, byte[]? Data, long Place, bool IsTruncation)
{
    /// <summary>Reads a line of <c>strace -y -ttt -T -xx</c>; null for a call that never ended or failed, and for what is none.</summary>
    public static DiskCall? Parse(ReadOnlySpan<char> line)
    {
        var result = line.LastIndexOf(") ");
        var open = line.IndexOf('(');
        if (result < 0 || open < 0 || line[^1] != '>' || !line[result..].TrimStart(") ").StartsWith("= ")) return null;
        if (line[result..].Contains("= -1 ", StringComparison.Ordinal)) return null;
        var space = line.IndexOf(' ');
        var began = decimal.Parse(line[..space], CultureInfo.InvariantCulture);
        var took = decimal.Parse(line[(line.LastIndexOf('<') + 1)..^1], CultureInfo.InvariantCulture);
        var name = line[(space + 1)..open];
        var file = Path.GetFileName(System.Text.Encoding.UTF8.GetString(Bytes(line[(line.IndexOf('<') + 1)..line.IndexOf('>')])));
        var arguments = line[(open + 1)..result];
        var place = name is "pwrite64" or "ftruncate" ? long.Parse(arguments[(arguments.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture) : 0;
        var data = name switch
        {
            "pwrite64" => Bytes(arguments[(arguments.IndexOf('"') + 1)..arguments.LastIndexOf('"')]),
            "ftruncate" => [],
            _ => null,
        };
        return new DiskCall(file, began, began + took, data, place, name is "ftruncate");
    }

    // \x0a\x1b...
    private static byte[] Bytes(ReadOnlySpan<char> escaped)
    {
        var bytes = new byte[escaped.Length / 4];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = byte.Parse(escaped.Slice((i * 4) + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return bytes;
    }
}
