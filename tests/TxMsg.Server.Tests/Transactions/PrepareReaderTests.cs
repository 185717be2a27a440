using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Tests.Transactions;

public sealed class PrepareReaderTests
{
    [Test]
    public void Read_OfEveryField_TakesItOver()
    {
        var message = Preparing.Message(
            """
            { "id":"0197F5A4-0000-7000-8000-00000000000a", "producer":"shop", "topic":"orders", "key":"o-1", "tag":"new", "orderingKey":"customer 9",
              "headers":{"b":"2","A":"1"}, "delaySeconds":1.5, "checkBackAfterSeconds":0.25, "contentType":"text/plain; charset=utf-8", "payload":"hi", "verdict":"commit" }
            """);

        message.Should().BeEquivalentTo(new
        {
            Id = Guid.Parse("0197f5a4-0000-7000-8000-00000000000a"),
            ProducerId = 7L, Producer = "shop", Topic = "orders", Key = "o-1", Tag = "new", OrderingKey = "customer 9",
            Delay = TimeSpan.FromSeconds(1.5), CheckBackAfter = TimeSpan.FromMilliseconds(250), IsCommitted = true,
        });
        message.Content.ContentType.Should().Be("text/plain; charset=utf-8");
        message.Content.HeadersJson.Should().Be("""{"A":"1","b":"2"}""");
        message.Payload().Should().Be("\"hi\"");
    }

    [Test]
    public void Read_OfTheLeast_FillsTheDefaults()
    {
        var message = Preparing.Message("""{"producer":"plain","topic":"t","payload":{}}""");

        message.Id.Version.Should().Be(7);
        message.Should().BeEquivalentTo(new { Key = (string?)null, Tag = (string?)null, OrderingKey = (string?)null, Delay = TimeSpan.Zero, IsCommitted = false });
        message.CheckBackAfter.Should().Be(TimeSpan.FromSeconds(30));
        message.Content.ContentType.Should().Be("application/json");
        message.Content.HeadersJson.Should().BeNull();
    }

    [Test]
    public void Read_WithoutATimeOfItsOwn_AsksAtTheProducers() =>
        Preparing.Message(Preparing.With("")).CheckBackAfter.Should().Be(TimeSpan.FromSeconds(45));

    [Test]
    public void Read_OfBase64_DecodesIt()
    {
        var message = Preparing.Message("""{"producer":"shop","topic":"t","payloadBase64":"AP8QgA=="}""");

        message.Content.Payload.ToArray().Should().Equal(0x00, 0xff, 0x10, 0x80);
        message.Content.ContentType.Should().Be("application/octet-stream");
    }

    [Test]
    public void Read_OfEmptyBase64_IsAnEmptyPayload() =>
        Preparing.Message("""{"producer":"shop","topic":"t","payloadBase64":""}""").Content.Payload.IsEmpty.Should().BeTrue();

    [TestCase("id")]
    [TestCase("key")]
    [TestCase("tag")]
    [TestCase("orderingKey")]
    [TestCase("headers")]
    [TestCase("delaySeconds")]
    [TestCase("checkBackAfterSeconds")]
    [TestCase("contentType")]
    [TestCase("verdict")]
    [TestCase("payloadBase64")]
    public void Read_OfNull_IsAsIfItHadNotBeenGiven(string field) =>
        Preparing.Read(Preparing.With($$""","{{field}}":null""")).Message.Should().NotBeNull();

    [Test]
    public void Read_OfEscapedNames_KnowsThem() =>
        Preparing.Message("""{"\u0070roducer":"shop","to\u0070ic":"t","p\u0061yload":[ 1 ]}""").Payload().Should().Be("[ 1 ]");

    [Test]
    public void Read_OfAnObjectInTheMiddleOfABody_StopsAtItsEnd()
    {
        var body = System.Text.Encoding.UTF8.GetBytes($"[{Preparing.With("", "{ }")} , 2]");
        var json = new System.Text.Json.Utf8JsonReader(body);
        json.Read();
        json.Read();

        var reader = new PrepareReader(body, json);
        reader.Read();

        reader.ToMessage(Preparing.Registry, new(), "00-trace")!.Payload().Should().Be("{ }");
        var rest = reader.Position;
        rest.TokenType.Should().Be(System.Text.Json.JsonTokenType.EndObject);
        rest.Read().Should().BeTrue();
        rest.GetInt32().Should().Be(2);
    }

    [Test]
    public void ToMessage_OfASmallPayloadInALongBody_DoesNotHoldTheBody()
    {
        var message = Preparing.Message(Preparing.With(new string(' ', 100_000)));

        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(message.Content.Payload, out var array).Should().BeTrue();
        array.Array!.Length.Should().BeLessThan(message.Content.Size + 2048, "what is kept in memory must be what is counted");
    }
}
