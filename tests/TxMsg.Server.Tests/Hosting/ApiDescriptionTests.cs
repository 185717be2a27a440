using System.Text.Json.Nodes;
using FluentAssertions;
using NUnit.Framework;

namespace TxMsg.Server.Tests.Hosting;

public sealed class ApiDescriptionTests
{
    private TestFolder folder = null!;
    private RunningServer server = null!;
    private JsonNode document = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        folder = new TestFolder();
        server = await RunningServer.StartAsync(folder);
        document = await server.JsonAsync("GET", "/openapi/v1.json");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Test]
    public void EveryCall_SaysWhatItAnswersAndTakes()
    {
        foreach (var (name, operation) in Operations())
        {
            var text = operation.ToJsonString();
            operation["summary"]!.GetValue<string>().Should().NotBeEmpty(name);
            operation["responses"]!.AsObject().Should().Contain(response => response.Key.StartsWith('2'), name);
            foreach (var part in name.Split('/').Where(part => part.StartsWith('{')))
                operation["parameters"]!.AsArray().Select(parameter => "{" + parameter!["name"] + "}").Should().Contain(part, name);
            if (name.StartsWith("put ", StringComparison.Ordinal) || name is "post /v1/messages" or "post /v1/verdicts") text.Should().Contain("requestBody", name);
        }
    }

    [Test]
    public void EveryCall_SaysHowItIsRefused()
    {
        foreach (var (name, operation) in Operations().Where(call => call.Name.Contains(" /v1/", StringComparison.Ordinal)))
        {
            var statuses = operation["responses"]!.AsObject().Select(response => response.Key).ToArray();
            statuses.Should().Contain(["401", "403", "503"], name);
            if (operation["requestBody"] is not null) statuses.Should().Contain(["400", "413", "415"], name);
            if (name.StartsWith("delete ", StringComparison.Ordinal)) statuses.Should().Contain("400", name);
        }
    }

    [Test]
    public void EveryReference_LeadsSomewhere()
    {
        var schemas = document["components"]!["schemas"]!.AsObject().Select(schema => "#/components/schemas/" + schema.Key).ToArray();

        References(document).Where(reference => reference.StartsWith("#/components/schemas/", StringComparison.Ordinal)).Should().BeSubsetOf(schemas);
    }

    [Test]
    public void Calls_TakeAKeyAndProbesNone()
    {
        document["components"]!["securitySchemes"]!["key"]!["scheme"]!.GetValue<string>().Should().Be("bearer");
        document["paths"]!["/v1/messages"]!["post"]!["security"]!.ToJsonString().Should().Contain("key");
        document["paths"]!["/health/live"]!["get"]!["security"].Should().BeNull();
    }

    [Test]
    public async Task ThePage_AsksNoOtherHost()
    {
        using var page = await server.SendAsync("GET", "/docs/");

        (await page.Content.ReadAsStringAsync()).Should().Contain("openapi/v1.json").And.NotContain("http://").And.NotContain("https://");
        page.Headers.GetValues("Content-Security-Policy").Single().Should().Contain("default-src 'self'").And.Contain("connect-src 'self'");
    }

    private IEnumerable<(string Name, JsonNode Operation)> Operations() =>
        from path in document["paths"]!.AsObject()
        from call in path.Value!.AsObject()
        select ($"{call.Key} {path.Key}", call.Value);

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject value => value.SelectMany(field => field is { Key: "$ref", Value: JsonValue reference } ? [reference.GetValue<string>()] : References(field.Value)),
        JsonArray list => list.SelectMany(References),
        _ => [],
    };
}
