// The other side of the README's tour: a consumer and a producer's check-back endpoint, in one file, with nothing but the .NET 10 SDK.
//   dotnet run docs/tour/receiver.cs          listens on http://127.0.0.1:5090
//   dotnet run docs/tour/receiver.cs 5091     listens on another port
#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

// The tour's secret, so that this file can check signatures. In earnest, keep the one that the coordinator makes for you.
var key = Convert.FromBase64String("VHhNc2cgdG91cjogbm90IGEgcmVhbCBzZWNyZXQh");
var port = args.Length > 0 ? args[0] : "5090";

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
var app = builder.Build();

// A consumer: 2xx acknowledges, everything else is tried again.
app.MapPost("/orders", async (HttpRequest request) =>
{
    Print("delivery", request, await ReadAsync(request));
    return Results.Ok();
});

// A consumer that is broken.
app.MapPost("/fail", async (HttpRequest request) =>
{
    Print("refused ", request, await ReadAsync(request));
    return Results.StatusCode(500);
});

// The producer: a real one looks into its own database whether the order was stored.
app.MapPost("/check-back", async (HttpRequest request) =>
{
    var body = await ReadAsync(request);
    using var question = JsonDocument.Parse(body);
    Console.WriteLine($"check-back {question.RootElement.GetProperty("attempt")} for {question.RootElement.GetProperty("id")}, {Signature(request, body)}: answering commit");
    return Results.Json(new Dictionary<string, string> { ["verdict"] = "commit" });
});

await app.StartAsync();
Console.WriteLine($"The receiver listens on http://127.0.0.1:{port}");
await app.WaitForShutdownAsync();

// One write, so that two requests at the same time don't mix their lines.
void Print(string what, HttpRequest request, byte[] body)
{
    var text = new StringBuilder($"{what} {Encoding.UTF8.GetString(body)}, {Signature(request, body)}");
    foreach (var (name, value) in request.Headers.Where(header => header.Key.StartsWith("ce-", StringComparison.OrdinalIgnoreCase)))
        text.Append($"\n         {name.ToLowerInvariant()}: {value}");
    Console.WriteLine(text);
}

// Standard Webhooks: HMAC-SHA256 of "id.timestamp.body". While a secret is being rotated there are two signatures; one must fit.
string Signature(HttpRequest request, byte[] body)
{
    var head = Encoding.UTF8.GetBytes($"{request.Headers["webhook-id"]}.{request.Headers["webhook-timestamp"]}.");
    var expected = Encoding.UTF8.GetBytes("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, (byte[])[.. head, .. body])));
    var age = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - (long.TryParse(request.Headers["webhook-timestamp"], out var sentAt) ? sentAt : 0);
    var fits = request.Headers["webhook-signature"].ToString().Split(' ')
        .Any(given => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), expected));
    return fits && Math.Abs(age) < 300 ? "signature good" : "SIGNATURE BAD";
}

static async Task<byte[]> ReadAsync(HttpRequest request)
{
    using var body = new MemoryStream();
    await request.Body.CopyToAsync(body);
    return body.ToArray();
}
