using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using TxMsg.Contracts;

namespace TxMsg.Client.Consuming;

/// <summary>Reads a CloudEvent in binary mode, strictly as the coordinator writes it.</summary>
internal static class EventReader
{
    /// <summary>Longest name of a producer or a subscription, in characters.</summary>
    public const int MaxNameLength = 128;

    private const string SourcePrefix = "/producers/";
    private const int TraceParentLength = 55;

    private static readonly string[] TimeFormats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Whether producers and subscriptions may be called that.</summary>
    public static bool IsName(string? name) => name is { Length: > 0 and <= MaxNameLength } && !name.AsSpan().ContainsAnyExcept(NameCharacters);

    /// <summary>The message, or null and the name of the header that is missing or wrong.</summary>
    public static ReceivedMessage? Read(EventHeaders headers, ReadOnlyMemory<byte> body, out string? wrong)
    {
        wrong = Find(headers, out var attributes);
        return wrong is not null ? null : new ReceivedMessage
        {
            Id = attributes.Id,
            Topic = attributes.Topic!,
            Producer = headers[HeaderNames.Source]![SourcePrefix.Length..],
            Subscription = headers[HeaderNames.Subscription]!,
            Attempt = attributes.Attempt,
            CommittedAt = attributes.CommittedAt,
            Key = attributes.Key,
            OrderingKey = attributes.OrderingKey,
            Tag = attributes.Tag,
            Headers = headers.Own,
            ContentType = headers["content-type"],
            Payload = body,
            TraceParent = ReadTraceParent(headers[HeaderNames.TraceParent]),
        };
    }

    private static string? Find(EventHeaders headers, out Attributes found)
    {
        found = default;
        if (headers.HasRepeated) return "one that came twice";
        if (headers[HeaderNames.SpecVersion] is not "1.0") return HeaderNames.SpecVersion;
        if (!Guid.TryParseExact(headers[HeaderNames.Id], "D", out found.Id)) return HeaderNames.Id;
        if (headers[HeaderNames.Source] is not { } source || !source.StartsWith(SourcePrefix, StringComparison.Ordinal) || !IsName(source[SourcePrefix.Length..])) return HeaderNames.Source;
        if (!headers.TryGetText(HeaderNames.Type, out found.Topic) || found.Topic is null) return HeaderNames.Type;
        if (!IsName(headers[HeaderNames.Subscription])) return HeaderNames.Subscription;
        if (!int.TryParse(headers[HeaderNames.Attempt], NumberStyles.None, CultureInfo.InvariantCulture, out found.Attempt) || found.Attempt < 1) return HeaderNames.Attempt;
        if (!DateTimeOffset.TryParseExact(headers[HeaderNames.Time], TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out found.CommittedAt)) return HeaderNames.Time;
        if (!headers.TryGetText(HeaderNames.Subject, out found.Key)) return HeaderNames.Subject;
        if (!headers.TryGetText(HeaderNames.PartitionKey, out found.OrderingKey)) return HeaderNames.PartitionKey;
        return headers.TryGetText(HeaderNames.Tag, out found.Tag) ? null : HeaderNames.Tag;
    }

    // One that is not valid is as good as none, says W3C. What is known of a later version is read as version 00.
    private static string? ReadTraceParent(string? sent)
    {
        if (sent is null || sent.Length < TraceParentLength) return null;
        var isVersion00 = sent.StartsWith("00-", StringComparison.Ordinal);
        if (sent.Length > TraceParentLength && (isVersion00 || sent[TraceParentLength] != '-')) return null;
        var known = sent[..TraceParentLength];
        if (!ActivityContext.TryParse(known, null, out _)) return null;
        return isVersion00 ? known : string.Concat("00", known.AsSpan(2));
    }

    private struct Attributes
    {
        public Guid Id;
        public string? Topic;
        public int Attempt;
        public DateTimeOffset CommittedAt;
        public string? Key;
        public string? OrderingKey;
        public string? Tag;
    }
}
