using System.Text;
using System.Text.Json;
using TxMsg.Client.Coordinator;
using TxMsg.Contracts.Messages;

namespace TxMsg.Client.Tests.Coordinator;

public sealed class CoordinatorMessagesTests
{
    [Test]
    public void ContentType_ThatIsNull_IsRefused()
    {
        var make = () => new Message("orders", default) { ContentType = null! };

        make.Should().Throw<ArgumentNullException>().WithMessage("*content type*");
    }

    [Test]
    public void Id_ThatIsEmpty_IsRefused()
    {
        var make = () => new Message("orders", default) { Id = Guid.Empty };
        make.Should().Throw<ArgumentException>();
    }

    [TestCase("""{"a": 1.0,  "b":"\u00e9é", "a": 1e2}""")]
    [TestCase("null")]
    [TestCase("\"text\"")]
    public async Task Prepare_Json_GoesByteForByte(string payload)
    {
        await using var node = await Node.StartAsync(Told.Message());
        using var client = node.NewClient();

        await client.PrepareAsync("shop", new Message("orders", Encoding.UTF8.GetBytes(payload)) { ContentType = "application/json" });

        node.Requests.Single().Body.Should().EndWith($"\"payload\":{payload}}}").And.NotContain("contentType");
    }

    [TestCase("application/json", " {} ", Description = "the coordinator keeps nothing around a value")]
    [TestCase("application/json", "{\"a\":")]
    [TestCase("application/json", "")]
    [TestCase("application/json", "1 2")]
    [TestCase("application/json; charset=utf-8", "{}")]
    [TestCase("text/plain", "{}")]
    public async Task Prepare_AnythingElse_GoesAsBytes(string contentType, string payload)
    {
        await using var node = await Node.StartAsync(Told.Message());
        using var client = node.NewClient();

        await client.PrepareAsync("shop", new Message("orders", Encoding.UTF8.GetBytes(payload)) { ContentType = contentType });

        var sent = JsonDocument.Parse(node.Requests.Single().Body).RootElement;
        sent.GetProperty("payloadBase64").GetBytesFromBase64().Should().Equal(Encoding.UTF8.GetBytes(payload));
        sent.GetProperty("contentType").GetString().Should().Be(contentType);
        sent.TryGetProperty("payload", out _).Should().BeFalse();
    }

    [Test]
    public async Task Prepare_SendsEveryField()
    {
        await using var node = await Node.StartAsync(Told.Message());
        using var client = node.NewClient();
        var message = new Message("orders", "1"u8.ToArray())
        {
            ContentType = "application/json",
            Key = "4711",
            Tag = "new",
            OrderingKey = "customer-1",
            Headers = new Dictionary<string, string> { ["Channel"] = "web" },
            Delay = TimeSpan.FromSeconds(1.5),
            CheckBackAfter = TimeSpan.FromMinutes(1),
        };

        await client.SendAsync("shop", message);

        node.Requests.Single().Body.Should().Be(
            $$$"""{"producer":"shop","topic":"orders","id":"{{{message.Id}}}","key":"4711","tag":"new","orderingKey":"customer-1","headers":{"Channel":"web"},"delaySeconds":1.5,"checkBackAfterSeconds":60,"verdict":"commit","payload":1}""");
    }

    [Test]
    public async Task Batch_IsSplitAtAThousand()
    {
        await using var node = await Node.StartAsync(Judge);
        using var client = node.NewClient();
        var messages = Enumerable.Range(0, 2001).Select(number => new Message("orders", Encoding.UTF8.GetBytes($"{number}"))).ToArray();

        var results = await client.SendAsync("shop", messages);

        results.Select(result => result.Id).Should().Equal(messages.Select(message => message.Id));
        node.Requests.Select(request => request.Path).Should().AllBe("/v1/messages/batch").And.HaveCount(3);

        static Told Judge(Asked request)
        {
            var ids = JsonDocument.Parse(request.Body).RootElement.GetProperty("messages").EnumerateArray().Select(item => item.GetProperty("id").GetString());
            return new Told(200, "{\"results\":[" + string.Join(',', ids.Select(id => $$"""{"id":"{{id}}","status":201,"state":"committed"}""")) + "]}");
        }
    }

    [Test]
    public void Batch_OfLargeMessages_IsSplitBelowTheCoordinatorsLimit()
    {
        var large = Enumerable.Range(0, 200).Select(_ => new Message("orders", new byte[256 * 1024])).ToArray();

        var parts = BatchSplit.Of(large).ToArray();

        parts.Sum(part => part.Count).Should().Be(200);
        parts.Should().AllSatisfy(part => PrepareJson.Many("shop", part, commit: true).Length.Should().BeLessThan(32 * 1024 * 1024));
    }

    [Test]
    public async Task Refusal_OfAMessageOfABatch_NamesItsFields()
    {
        var message = new Message("orders", "1"u8.ToArray());
        await using var node = await Node.StartAsync(new Told(
            200, $$"""{"results":[{"id":"{{message.Id}}","status":400,"problem":{"detail":"producer: There is none.","errors":{"producer":["There is none."]} } }]}"""));
        using var client = node.NewClient();

        var results = await client.SendAsync("shop", [message]);

        results.Should().ContainSingle().Which.Errors.Should().ContainKey("producer").WhoseValue.Should().Equal("There is none.");
    }

    [Test]
    public async Task Verdicts_AreJudgedAlone()
    {
        var ids = new[] { Guid.CreateVersion7(), Guid.CreateVersion7() };
        await using var node = await Node.StartAsync(new Told(
            200, $$$"""{"results":[{"id":"{{{ids[0]}}}","status":200,"state":"committed"},{"id":"{{{ids[1]}}}","status":409,"state":"rolledBack","problem":{"detail":"It is rollback."}}]}"""));
        using var client = node.NewClient();

        var results = await client.DecideAsync([.. ids.Select(id => new VerdictItem { Id = id, Verdict = Verdicts.Commit })]);

        results.Should().Equal(new MessageResult(ids[0], 200, "committed", null), new MessageResult(ids[1], 409, "rolledBack", "It is rollback."));
    }
}
