using System.Globalization;
using System.Text;

namespace TxMsg.FaultTests.Fuzz;

/// <summary>The bytes of a request.</summary>
/// <param name="Bytes">All of them, the body with its framing included.</param>
/// <param name="IsHead">Its answer has no body.</param>
/// <param name="IsPage">It is answered for people, in HTML.</param>
internal sealed record FuzzRequest(byte[] Bytes, bool IsHead, bool IsPage)
{
    public override string ToString()
    {
        var shown = Encoding.Latin1.GetString(Bytes.AsSpan(0, Math.Min(Bytes.Length, 900))).Replace("\0", "\\0", StringComparison.Ordinal);
        return $"{Bytes.Length} bytes:\n{shown}";
    }
}

/// <summary>Makes requests that are HTTP, and hostile in everything else.</summary>
internal sealed class RequestWriter(ApiGrammar grammar, Random random)
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "QUERY", "get", "X"];
    private static readonly string[] Pages = ["/", "/docs", "/metrics", "/health/live", "/health/ready", "/openapi/v1.json", "/hangfire", "/hangfire/txmsg/messages", "/hangfire/txmsg/dead-letters", "/v1", "/v1/", "/V1/messages", "/v1//messages", "/%2e%2e/v1/messages", "/favicon.ico"];
    private static readonly string[] Types =
        ["application/json", "application/json; charset=utf-8", "application/json; charset=utf-16", "application/json; charset=nonsense", "text/plain", "text/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", ";", "application/json, text/plain", "APPLICATION/JSON"];

    private static readonly string[] Forms = ["application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-7", "multipart/form-data", "multipart/form-data; boundary=" + new string('x', 200)];
    private static readonly string[] Headers =
    [
        "Content-Encoding: gzip", "Content-Encoding: br", "Accept: */*;q=nonsense", "Accept: text/html", "Accept-Encoding: gzip;q=9", "Accept-Language: zz-ZZ;q=9", "traceparent: 00-zz", "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "tracestate: " + "a=1,", "baggage: a=%00", "Authorization: Bearer", "Authorization: Bearer x", "Authorization: Basic !!!", "Cookie: a=b; c", "Cookie: .AspNetCore.Cookies=CfDJ8", "X-Forwarded-For: 10.0.0.1", "X-Forwarded-Host: evil.test", "X-HTTP-Method-Override: DELETE", "If-Match: *", "Range: bytes=0-1", "Range: bytes=9-1",
        "Origin: https://evil.test", "Referer: \u0001", "Sec-Fetch-Site: cross-site", "Expect: 100-continue", "Upgrade: websocket", "Connection: upgrade", "RequestVerificationToken: x", "X-TxMsg-Poll: 1", "Idempotency-Key: x", "Max-Forwards: 0", "Prefer: wait=99999",
    ];

    private readonly BodyWriter bodies = new(grammar, random);

    public FuzzRequest Write()
    {
        if (random.Next(60) == 0) return Form();
        var operation = random.Pick(grammar.Operations);
        var method = random.Next(20) == 0 ? random.Pick(Methods) : operation.Method;
        var path = random.Next(30) == 0 ? random.Pick(Pages) : Path(operation) + Query(operation);
        var body = Body(operation);
        var head = new StringBuilder();
        head.Append(method).Append(' ').Append(path).Append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        if (body is not null || random.Next(10) == 0) head.Append(CultureInfo.InvariantCulture, $"Content-Type: {(random.Next(6) == 0 ? random.Pick(Types) : Types[0])}\r\n");
        for (var i = random.Next(4) == 0 ? random.Next(1, 4) : 0; i > 0; i--) head.Append(random.Pick(Headers)).Append("\r\n");
        return new FuzzRequest(Frame(head, body), method == "HEAD", IsPage: false);
    }

    // The forms of the pages that anybody may send.
    private FuzzRequest Form()
    {
        var head = new StringBuilder($"POST /{random.Pick(["sign-in", "sign-out"])} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {random.Pick([.. Types, .. Forms])}\r\n");
        var body = random.Pick([random.Pick(Words.Json), $"key={Words.Hostile(random)}", $"{Words.Hostile(random)}=1", "--x\r\nContent-Disposition: form-data; name=key\r\n\r\n1\r\n--x--\r\n", "--x\r\n", "%zz=%&&&==", string.Concat(Enumerable.Repeat("k=1&", random.Next(2_000)))]);
        return new FuzzRequest(Frame(head, Encoding.UTF8.GetBytes(body)), IsHead: false, IsPage: true);
    }

    // But for NUL and for lines without end, at which the server gives up before the application.
    private string Segment(Operation operation, string part)
    {
        var segment = Words.Escape(Parameter(operation, part), random);
        return segment.Length > 2_000 || segment.Contains("%00", StringComparison.Ordinal) ? "x" : segment;
    }

    private string Path(Operation operation)
    {
        var path = new StringBuilder();
        foreach (var part in operation.Path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            path.Append('/').Append(part.StartsWith('{') ? Segment(operation, part) : part);
        return path.Length == 0 ? "/" : path.ToString();
    }

    private string Parameter(Operation operation, string part)
    {
        // Keys are kept for ever: there must not be a million of them.
        var makesKeys = operation.Method == "POST" && operation.Path.EndsWith("keys", StringComparison.Ordinal);
        if (makesKeys || random.Next(4) == 0) return random.Next(makesKeys ? 20 : 3) == 0 && !makesKeys ? "x" : Words.Hostile(random);
        if (operation.Path.Contains("/producers", StringComparison.Ordinal)) return random.Pick(Words.Producers);
        if (operation.Path.Contains("/subscriptions", StringComparison.Ordinal)) return random.Pick(Words.Subscriptions);
        return part.Contains("id", StringComparison.OrdinalIgnoreCase) ? random.Pick(Words.Ids) : "x";
    }

    private string Query(Operation operation)
    {
        if (operation.Query.Count == 0 ? random.Next(20) > 0 : random.Next(3) == 0) return "";
        var pairs = Enumerable.Range(0, random.Next(1, 5)).Select(_ =>
        {
            var name = operation.Query.Count > 0 && random.Next(10) > 0 ? random.Pick(operation.Query) : Words.Escape(Words.Hostile(random), random);
            var value = random.Next(3) == 0 ? random.Pick([Words.Topic, "1", "10", "500", "fuzz-producer-1", "fuzz-subscription-1", "committed", "2026-01-01T00:00:00Z", "1h"]) : Words.Hostile(random);
            return random.Next(20) == 0 ? name : $"{name}={Words.Escape(value, random)}";
        });
        var query = string.Join('&', pairs);
        // The line of a request has a limit of its own.
        return "?" + (query.Length > 4000 ? query[..4000].TrimEnd('%') : query);
    }

    private byte[]? Body(Operation operation)
    {
        if (operation.Body is { } schema) return random.Next(30) == 0 ? null : bodies.Write(schema);
        return random.Next(10) == 0 ? Encoding.UTF8.GetBytes(random.Pick(Words.Json)) : null;
    }

    private byte[] Frame(StringBuilder head, byte[]? body)
    {
        if (body is null) return Encoding.Latin1.GetBytes(head.Append("\r\n").ToString());
        if (random.Next(8) > 0) return [.. Encoding.Latin1.GetBytes(head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n").ToString()), .. body];
        var framed = new MemoryStream();
        framed.Write(Encoding.Latin1.GetBytes(head.Append("Transfer-Encoding: chunked\r\n\r\n").ToString()));
        for (var at = 0; at < body.Length;)
        {
            var size = Math.Min(body.Length - at, random.Next(1, 5000));
            framed.Write(Encoding.ASCII.GetBytes($"{size:x}\r\n"));
            framed.Write(body, at, size);
            framed.Write("\r\n"u8);
            at += size;
        }

        framed.Write("0\r\n\r\n"u8);
        return framed.ToArray();
    }
}
