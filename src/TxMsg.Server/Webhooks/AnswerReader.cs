using System.Buffers;
using System.Text;

namespace TxMsg.Server.Webhooks;

/// <summary>Reads no more of an answer than is wanted, whatever it claims to be.</summary>
internal static class AnswerReader
{
    private const int MaxBytesPerCharacter = 4;

    /// <summary>The first bytes of the body, and whether there are more.</summary>
    public static async Task<(byte[] Bytes, bool Truncated)> ReadAsync(
        HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(maxBytes + 1);
        var count = 0;
        try
        {
            for (int read; count <= maxBytes; count += read)
            {
                read = await stream.ReadAsync(buffer.AsMemory(count, maxBytes + 1 - count), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }
            }

            return (buffer.AsSpan(0, Math.Min(count, maxBytes)).ToArray(), count > maxBytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The first printable characters of the body; null when there are none or they cannot be read.</summary>
    public static async Task<string?> ReadErrorAsync(HttpResponseMessage response, int maxCharacters, CancellationToken cancellationToken)
    {
        try
        {
            var (bytes, _) = await ReadAsync(response, maxCharacters * MaxBytesPerCharacter, cancellationToken).ConfigureAwait(false);
            return Printable(bytes, maxCharacters);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // the status is known, and counts for more than what the body would have said
            return null;
        }
    }

    internal static string? Printable(ReadOnlySpan<byte> bytes, int maxCharacters)
    {
        var text = new StringBuilder(Math.Min(bytes.Length, maxCharacters));
        while (!bytes.IsEmpty)
        {
            Rune.DecodeFromUtf8(bytes, out var rune, out var consumed);
            bytes = bytes[consumed..];
            rune = Rune.IsControl(rune) ? new Rune(' ') : rune;
            if (text.Length + rune.Utf16SequenceLength > maxCharacters)
            {
                break;
            }

            text.Append(rune.ToString());
        }

        var printable = text.ToString().Trim();
        return printable.Length > 0 ? printable : null;
    }
}
