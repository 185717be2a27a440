using System.Text;

namespace TxMsg.FaultTests.Fuzz;

/// <summary>What is put where a value stands. A fixed number of names, so that what is made of them stays bounded.</summary>
internal static class Words
{
    public const string Topic = "fuzz-topic";

    /// <summary>Ids that messages may have, as long as nobody invents others.</summary>
    public static readonly string[] Ids = Enumerable.Range(0, 64).Select(i => $"0198{i:x4}-0000-7000-8000-00000000f022").ToArray();

    public static readonly string[] Producers = Enumerable.Range(0, 4).Select(i => $"fuzz-producer-{i}").ToArray();

    public static readonly string[] Subscriptions = Enumerable.Range(0, 4).Select(i => $"fuzz-subscription-{i}").ToArray();

    /// <summary>Nobody listens there, or nobody may be called there.</summary>
    public static readonly string[] Urls =
    [
        "http://127.0.0.1:9/x", "http://127.0.0.1:9/y?z=1", "http://[::1]:9/", "https://127.0.0.1:9/", "http://169.254.169.254/latest", "http://0x7f000001:9/", "http://2130706433:9/",
        "gopher://127.0.0.1:9/", "file:///etc/passwd", "http://", "//x", "http://127.0.0.1:99999/", "http://user:pass@127.0.0.1:9/", "http://127.0.0.1:9/\r\nX: y", "http://\ud83d\ude00.test/", "javascript:1",
    ];

    /// <summary>Strings that have hurt somebody somewhere.</summary>
    public static readonly string[] Strings =
    [
        "", " ", "\0", "a\0b", "\ufeff", "\u202e", "\u0085", "\u2028", "' OR 1=1 --", "\"; DROP TABLE messages; --", "%00", "%", "%zz", "..", "../../etc/passwd", "..\\..", "/", "//", ".", "?", "#", "*",
        "null", "true", "-1", "0", "1e999", "NaN", "9223372036854775808", "-9223372036854775809", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.9999999-14:00", "2026-02-30", "<script>alert(1)</script>",
        "${jndi:ldap://127.0.0.1:9/x}", "{{7*7}}", "%n%n%n%s", "a\r\nSet-Cookie: x=y", "a\tb", "\u0001", "é", "e\u0301", "\ud83d\ude00", "İ", "ß", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "{0198f022-0000-7000-8000-00000000f022}", "0198F022000070008000", "prepared", "whsec_", "whsec_AAAA", "whsec_!!!", "commit", "rollback", new('a', 129), new('b', 257), new('c', 1001), new('\u00e9', 600), "[]", "{}",
    ];

    /// <summary>JSON that is not what was asked for, or no JSON.</summary>
    public static readonly string[] Json =
    [
        "null", "true", "false", "0", "-0", "1", "-1", "1.5", "1e999", "-1e999", "1e-999", "99999999999999999999999999", "9223372036854775807", "2147483648", "0.0000000000000000000000000001", "NaN", "Infinity", "01", "+1", ".5", "1.",
        "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udfff\\ud800\"", "\"\\uD83D\"", "\"\\x\"", "\"unterminated", "'x'", "[]", "[[]]", "{}", "{\"\":null}", "{\"\\ud800\":1}", "{\"a\":1,\"a\":2}", "[1,]", "{\"a\":1,}", "{a:1}", "/*x*/1", "//x\n1",
        "[null,null]", "[{},[],1,\"\"]", "\"\u0001\"", "undefined", "\\u0022", "\"\\u002\"", "1 2", "]", "}", "[", "{", "\"a\" : 1",
    ];

    /// <summary>One of them, or a long one, or one of random characters.</summary>
    public static string Hostile(Random random) => random.Next(40) switch
    {
        0 => new string((char)random.Next(1, 0x800), random.Next(1, 5000)),
        1 or 2 => string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => (char)random.Next(1, 0xD7FF))),
        _ => Strings[random.Next(Strings.Length)],
    };

    public static T Pick<T>(this Random random, IReadOnlyList<T> items) => items[random.Next(items.Count)];

    /// <summary>As it may stand in a path or a query: never a space or an end of line.</summary>
    public static string Escape(string text, Random random)
    {
        if (random.Next(4) > 0) return Uri.EscapeDataString(new string(text.Where(letter => !char.IsSurrogate(letter)).ToArray()));
        var escaped = new StringBuilder();
        foreach (var value in Encoding.UTF8.GetBytes(text)) escaped.Append(value is > 0x20 and < 0x7f and not (byte)'#' ? (char)value : $"%{value:X2}");
        return escaped.ToString();
    }
}
