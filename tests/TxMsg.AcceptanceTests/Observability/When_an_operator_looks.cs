using System.Text.RegularExpressions;

namespace TxMsg.AcceptanceTests.Observability;

public sealed partial class When_an_operator_looks(StoreKind store) : CoordinatorFixture(store)
{
    private static readonly string[] Contract =
    [
        "put /v1/producers/{}", "get /v1/producers", "get /v1/producers/{}",
        "post /v1/producers/{}/rotate-secret", "post /v1/producers/{}/keys", "delete /v1/producers/{}/keys/{}",
        "put /v1/subscriptions/{}", "get /v1/subscriptions", "get /v1/subscriptions/{}", "delete /v1/subscriptions/{}",
        "post /v1/subscriptions/{}/pause", "post /v1/subscriptions/{}/resume", "post /v1/subscriptions/{}/rotate-secret",
        "post /v1/messages", "post /v1/messages/batch", "get /v1/messages", "get /v1/messages/{}",
        "post /v1/messages/{}/commit", "post /v1/messages/{}/rollback", "post /v1/messages/{}/check-back",
        "get /v1/messages/{}/payload", "get /v1/messages/{}/timeline", "post /v1/verdicts",
        "get /v1/dead-letters", "post /v1/dead-letters/redeliver", "post /v1/dead-letters/discard", "get /v1/stats",
        "get /v1/stats/history", "get /v1/overview", "get /v1/nodes", "get /v1/alerts",
        "post /v1/producers/{}/test-check-back", "post /v1/subscriptions/{}/test-delivery",
    ];

    [TestCase("/health/live")]
    [TestCase("/health/ready")]
    public async Task TheProbes_AreGood(string path)
    {
        (await Api.GetAsync(path)).Expect(200);
    }

    [Test]
    public async Task TheMetrics_SpeakOfTransactions()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        await SendAMarkerAsync(shop, billing);

        await Eventually.HoldsAsync(async () =>
        {
            var metrics = (await Api.GetAsync("/metrics")).Expect(200);
            metrics.ContentType.Should().StartWith("text/plain");
            var names = MetricName().Matches(metrics.Content).Select(match => match.Value).Distinct().ToArray();
            names.Should().Contain(name => name.Contains("prepare"));
            names.Should().Contain(name => name.Contains("verdict"));
            names.Should().Contain(name => name.Contains("deliver"));
        });
    }

    [Test]
    public async Task TheOpenApiDocument_ListsEveryCall()
    {
        var document = (await Api.GetAsync("/openapi/v1.json")).Expect(200);

        document.Text("openapi").Should().StartWith("3.1");
        var calls = document.Json.Object("paths")
            .SelectMany(path => path.Value!.AsObject().Select(call => $"{call.Key} {Parameter().Replace(path.Key, "{}")}"));
        calls.Should().Contain(Contract);
    }

    [TestCase("/docs")]
    [TestCase("/hangfire")]
    public async Task ThePages_AreHtml(string path)
    {
        var page = await Api.GetAsync(path);
        if (page.Status is 301 or 302 or 307 or 308)
        {
            page = await Api.GetAsync(page.Header("Location")!);
        }

        page.Expect(200).ContentType.Should().StartWith("text/html");
        page.Content.Should().Contain("<html");
    }

    [Test]
    public async Task TheOpenApiDocument_IsReachableFromTheDocs()
    {
        var page = await Api.GetAsync("/docs");
        page = page.Status == 200 ? page : await Api.GetAsync(page.Header("Location")!);

        page.Content.Should().Contain("openapi/v1.json");
    }

    [GeneratedRegex("^txmsg_[a-z_]+", RegexOptions.Multiline)]
    private static partial Regex MetricName();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
