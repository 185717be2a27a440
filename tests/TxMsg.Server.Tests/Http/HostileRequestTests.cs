using System.Net;
using System.Text;
using System.Text.Json;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Http;

/// <summary>Whatever a caller sends is the caller's mistake: never a 500.</summary>
public sealed class HostileRequestTests
{
    private TestCoordinator coordinator = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        coordinator = TestCoordinator.Start();
        await coordinator.RegisterAsync("shop", "billing", "orders", NodeActions.Nowhere);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await coordinator.DisposeAsync();

    [TestCase("/v1/messages", """{"\ud800":1}""")]
    [TestCase("/v1/messages", """{"producer":"shop","topic":"t","payloadBase64":"\udfff"}""")]
    [TestCase("/v1/messages", """{"producer":"shop","topic":"t","payload":1}}""")]
    [TestCase("/v1/messages/batch", """{"\ud800":1}""")]
    [TestCase("/v1/messages/batch", """{"messages":{}}""")]
    [TestCase("/v1/messages/batch", """{"messages":[]}""")]
    [TestCase("/v1/messages/batch", """{"messages":[{}]""")]
    [TestCase("/v1/messages/batch", """{"messages":[],"messages":[],"colour":1}""")]
    [TestCase("/v1/messages/batch", "[]")]
    [TestCase("/v1/messages/batch", "{}")]
    [TestCase("/v1/messages/batch", "")]
    [TestCase("/v1/verdicts", """{"verdicts":null}""")]
    [TestCase("/v1/verdicts", """{"verdicts":[]}""")]
    [TestCase("/v1/verdicts", """{"verdicts":{}}""")]
    [TestCase("/v1/dead-letters/redeliver", """{"subscription":"billing","messageIds":["x"]}""")]
    [TestCase("/v1/dead-letters/redeliver", """{"subscription":""}""")]
    [TestCase("/v1/dead-letters/discard", """{"subscription":null}""")]
    public async Task Post_OfNonsense_Is400(string path, string body) =>
        (await PostAsync(path, body)).Should().Be(HttpStatusCode.BadRequest);

    [Test]
    public async Task Post_OfAPayloadThatIsNotUtf8_NamesIt()
    {
        using var content = new ByteArrayContent([.. """{"producer":"shop","topic":"t","payload":"M"""u8, 0xfc, .. """ller"}"""u8]);
        content.Headers.ContentType = new("application/json");

        using var answer = await coordinator.Http.PostAsync("/v1/messages", content);

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("errors").TryGetProperty("payload", out _).Should().BeTrue();
    }

    [TestCase("/v1/messages?cursor=!!!")]
    [TestCase("/v1/messages?cursor=%ff%fe")]
    [TestCase("/v1/messages?limit=99999999999999999999")]
    [TestCase("/v1/messages?from=0001-01-01T00:00:00%2B14:00")]
    [TestCase("/v1/dead-letters?cursor=!!!")]
    [TestCase("/v1/dead-letters?limit=0")]
    [TestCase("/v1/dead-letters?subscription=nobody")]
    [TestCase("/v1/dead-letters?subscripton=billing")]
    [TestCase("/v1/dead-letters?limit=1&limit=2")]
    [TestCase("/v1/dead-letters/groups?subscripton=billing")]
    [TestCase("/v1/bulk-actions?state=running")]
    [TestCase("/v1/stats/history?hours=1")]
    public async Task Get_OfNonsense_Is400(string path)
    {
        using var answer = await coordinator.Http.GetAsync(path);

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Test]
    public async Task PostBatch_OfGoodAndBad_JudgesEachAlone()
    {
        const string Body =
            """
            {"messages":[ {"producer":"shop","topic":"orders","payload":1}, {"producer":"nobody","topic":"orders","payload":1}, 17,
            {"\ud800":1}, {"producer":"shop","topic":"orders","payload":[2],"verdict":"commit"} ]}
            """;
        using var answer = await coordinator.Http.PostAsync("/v1/messages/batch", Json(Body));

        var results = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("results").EnumerateArray();
        results.Select(result => result.GetProperty("status").GetInt32()).Should().Equal(201, 400, 400, 400, 201);
    }

    [TestCase("""{"id":["x"],"verdict":"commit"}""", "id")]
    [TestCase("""{"id":"x","verdict":"commit"}""", "id")]
    [TestCase("""{"verdict":"commit"}""", "id")]
    [TestCase("""{"id":"0197f5a4-0000-7000-8000-00000000000a","verdict":"Commit"}""", "verdict")]
    [TestCase("""{"id":"0197f5a4-0000-7000-8000-00000000000a","verdict":"commit","reason":"x"}""", "reason")]
    [TestCase("5", "$")]
    [TestCase("\"x\"", "$")]
    [TestCase("[]", "$")]
    [TestCase("null", "$")]
    public async Task PostVerdicts_WithNonsenseAmongThem_JudgesEachAlone(string nonsense, string field)
    {
        using var answer = await coordinator.Http.PostAsync("/v1/verdicts", Json($$"""{"verdicts":[{{nonsense}},{"id":"0197f5a4-0000-7000-8000-00000000000b","verdict":"commit"}]}"""));

        var results = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("results").EnumerateArray().ToArray();
        results.Select(result => result.GetProperty("status").GetInt32()).Should().Equal(400, 404);
        results[0].GetProperty("problem").GetProperty("errors").TryGetProperty(field, out _).Should().BeTrue("{0}", results[0]);
    }

    [Test]
    public async Task PostVerdicts_OfGoodAndUnknown_JudgesEachAlone()
    {
        var id = await coordinator.PrepareAsync("shop", "orders");
        var body = $$"""{"verdicts":[{"id":"{{Guid.NewGuid()}}","verdict":"commit"},null,{"id":"{{id}}","verdict":"maybe"},{"id":"{{id}}","verdict":"rollback"},{"id":"{{id}}","verdict":"commit"}]}""";
        using var answer = await coordinator.Http.PostAsync("/v1/verdicts", Json(body));

        var results = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("results").EnumerateArray();
        results.Select(result => result.GetProperty("status").GetInt32()).Should().Equal(404, 400, 400, 200, 409);
    }

    [Test]
    public async Task PostBatch_OfAThousandAndOne_IsRefusedWhole()
    {
        var body = $$"""{"messages":[{{string.Join(",", Enumerable.Repeat("""{"producer":"shop","topic":"many","payload":[{}]}""", 1001))}}]}""";

        (await PostAsync("/v1/messages/batch", body)).Should().Be(HttpStatusCode.BadRequest);
    }

    private async Task<HttpStatusCode> PostAsync(string path, string body)
    {
        using var answer = await coordinator.Http.PostAsync(path, Json(body));
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        return answer.StatusCode;
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
