using System.Text;

namespace TxMsg.Server.DeadLetters;

/// <summary>What went wrong, without what differs each time: so equal failures have equal texts. The server's own words
/// (<c>the receiver answered 500</c>) stay as they are; in what the receiver said, <c>#</c> stands for ids, times and numbers.
/// By hand: ten thousand of them are looked at for a page.</summary>
public static class ErrorText
{
    /// <summary>Longest text of a group, in characters.</summary>
    public const int MaxLength = 200;

    private const string Unknown = "no reason";
    private const string Answered = "the receiver answered ";

    // Words so long that have a digit are tokens, hashes and UUIDs.
    private const int OpaqueLength = 16;

    /// <summary>The text of a group. The group's own text leads to itself.</summary>
    public static string Normalize(string? error)
    {
        if (string.IsNullOrWhiteSpace(error)) return Unknown;
        var rest = error.AsSpan().Trim();
        var text = new StringBuilder(Math.Min(rest.Length, MaxLength) + OpaqueLength);
        rest = CopyOwnWords(rest, text);
        // What comes after the limit is cut off: it need not be read.
        while (!rest.IsEmpty && text.Length <= MaxLength) rest = CopyNext(rest, text);
        if (text.Length > MaxLength)
        {
            // Never through the middle of a pair.
            text.Length = char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
        }

        return text.ToString().TrimEnd();
    }

    // The status is the server's word; what the receiver said follows after a colon.
    private static ReadOnlySpan<char> CopyOwnWords(ReadOnlySpan<char> error, StringBuilder text)
    {
        if (!error.StartsWith(Answered, StringComparison.Ordinal)) return error;
        var end = Answered.Length + DigitsAt(error[Answered.Length..]);
        text.Append(error[..end]);
        return error[end..];
    }

    private static ReadOnlySpan<char> CopyNext(ReadOnlySpan<char> rest, StringBuilder text)
    {
        if (char.IsWhiteSpace(rest[0]))
        {
            text.Append(' ');
            return rest.TrimStart();
        }

        var length = 0;
        while (length < rest.Length && IsOfAWord(rest[length])) length++;
        if (length > 0) return CopyWord(rest, length, text);
        text.Append(rest[0]);
        return rest[1..];
    }

    private static ReadOnlySpan<char> CopyWord(ReadOnlySpan<char> rest, int length, StringBuilder text)
    {
        var word = rest[..length];
        if (word.IndexOfAnyInRange('0', '9') < 0)
        {
            text.Append(word);
            return rest[length..];
        }

        if (length >= OpaqueLength || word.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            text.Append('#');
            return SkipNumbers(rest[length..]);
        }

        for (var i = 0; i < length;)
        {
            if (!char.IsAsciiDigit(word[i]))
            {
                text.Append(word[i++]);
                continue;
            }

            text.Append('#');
            i += DigitsAt(word[i..]);
            // A date, and the hour after it.
            while (i + 1 < length && word[i] is '-' or 'T' && char.IsAsciiDigit(word[i + 1])) i += 1 + DigitsAt(word[(i + 1)..]);
        }

        return char.IsAsciiDigit(word[^1]) ? SkipNumbers(rest[length..]) : rest[length..];
    }

    // The rest of a time, an amount, an address: separators, each with digits after it.
    private static ReadOnlySpan<char> SkipNumbers(ReadOnlySpan<char> rest)
    {
        var skipped = 0;
        while (skipped + 1 < rest.Length && rest[skipped] is '.' or ',' or ':' or '/' && char.IsAsciiDigit(rest[skipped + 1])) skipped += 1 + DigitsAt(rest[(skipped + 1)..]);
        if (skipped > 0 && skipped < rest.Length && rest[skipped] == 'Z' && (skipped + 1 == rest.Length || !IsOfAWord(rest[skipped + 1]))) skipped++;
        return rest[skipped..];
    }

    private static int DigitsAt(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }

    private static bool IsOfAWord(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or '-';
}
