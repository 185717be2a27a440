using FluentAssertions;
using NUnit.Framework;

namespace TxMsg.Server.Tests.Transactions;

public sealed class PrepareErrorTests
{
    private static readonly string Long = new('x', 257);

    [TestCase("""{"topic":"t","payload":1}""", "producer")]
    [TestCase("""{"producer":"","topic":"t","payload":1}""", "producer")]
    [TestCase("""{"producer":"nobody","topic":"t","payload":1}""", "producer")]
    [TestCase("""{"producer":7,"topic":"t","payload":1}""", "producer")]
    [TestCase("""{"producer":"shop","payload":1}""", "topic")]
    [TestCase("""{"producer":"shop","topic":"","payload":1}""", "topic")]
    [TestCase("""{"producer":"shop","topic":["t"],"payload":1}""", "topic")]
    [TestCase("""{"producer":"shop","topic":"a\u0000b","payload":1}""", "topic")]
    [TestCase("""{"producer":"shop","topic":"t"}""", "payload")]
    [TestCase("""{"producer":"shop","topic":"t","payload":1,"payloadBase64":"AA=="}""", "payload")]
    [TestCase("""{"producer":"shop","topic":"t","payloadBase64":"A"}""", "payloadBase64")]
    [TestCase("""{"producer":"shop","topic":"t","payloadBase64":"*"}""", "payloadBase64")]
    [TestCase("""{"producer":"shop","topic":"t","payloadBase64":{}}""", "payloadBase64")]
    [TestCase("""{"producer":"shop","topic":"t","payloadBase64":"\ud800"}""", "payloadBase64")]
    public void Read_OfAWrongBody_NamesTheField(string json, string field) => ShouldRefuse(json, field);

    [TestCase(""","id":"17" """, "id")]
    [TestCase(""","id":"{0197f5a4-0000-7000-8000-00000000000a}" """, "id")]
    [TestCase(""","id":" 0197f5a4-0000-7000-8000-00000000000a" """, "id")]
    [TestCase(""","id":17""", "id")]
    [TestCase(""","key":"" """, "key")]
    [TestCase(""","key":"\u007f" """, "key")]
    [TestCase(""","key":"\ud800" """, "key")]
    [TestCase(""","tag":true""", "tag")]
    [TestCase(""","tag":"\udc00x" """, "tag")]
    [TestCase(""","orderingKey":"\n" """, "orderingKey")]
    [TestCase(""","contentType":"no type" """, "contentType")]
    [TestCase(""","contentType":"text/plain\r\nx: y" """, "contentType")]
    [TestCase(""","contentType":"text/plain; charset=é" """, "contentType")]
    [TestCase(""","delaySeconds":-0.001""", "delaySeconds")]
    [TestCase(""","delaySeconds":31536000.001""", "delaySeconds")]
    [TestCase(""","delaySeconds":1e999""", "delaySeconds")]
    [TestCase(""","delaySeconds":"5" """, "delaySeconds")]
    [TestCase(""","checkBackAfterSeconds":0""", "checkBackAfterSeconds")]
    [TestCase(""","checkBackAfterSeconds":2592001""", "checkBackAfterSeconds")]
    [TestCase(""","verdict":"rollback" """, "verdict")]
    [TestCase(""","verdict":"Commit" """, "verdict")]
    [TestCase(""","headers":[]""", "headers")]
    [TestCase(""","headers":{"a b":"1"}""", "headers.a b")]
    [TestCase(""","headers":{"a":1}""", "headers.a")]
    [TestCase(""","headers":{"a":{"b":"c"}}""", "headers.a")]
    [TestCase(""","headers":{"a":null}""", "headers.a")]
    [TestCase(""","headers":{"a":"x\r\ny"}""", "headers.a")]
    [TestCase(""","headers":{"a":"1","A":"2"}""", "headers.A")]
    [TestCase(""","headers":{"a":"\ud800"}""", "headers.a")]
    [TestCase(""","headers":{"\ud800":"1"}""", "headers")]
    [TestCase(""","colour":"red" """, "colour")]
    [TestCase(""","Key":"k" """, "Key")]
    [TestCase(""","":1""", "")]
    public void Read_OfAWrongField_NamesIt(string field, string name) => ShouldRefuse(Preparing.With(field), name);

    [TestCase("key")]
    [TestCase("tag")]
    [TestCase("orderingKey")]
    public void Read_OfATextThatIsTooLong_NamesIt(string field) => ShouldRefuse(Preparing.With($$""","{{field}}":"{{Long}}" """), field);

    [TestCase("producer", "\"shop\"")]
    [TestCase("topic", "\"orders\"")]
    [TestCase("payload", "1")]
    [TestCase("payload", "null")]
    public void Read_OfAFieldGivenTwice_NamesIt(string field, string value)
    {
        ShouldRefuse(Preparing.With($$""","{{field}}":{{value}}"""), field);
        Preparing.Read(Preparing.With($$""","{{field}}":{{value}}""")).Errors.ByField[field].Should().Contain("This field is given twice.");
    }

    [Test]
    public void Read_OfOptionalFieldsGivenTwice_NamesThemEvenAfterNull()
    {
        foreach (var field in (string[])["id", "key", "tag", "orderingKey", "headers", "delaySeconds", "checkBackAfterSeconds", "contentType", "verdict", "payloadBase64"])
            Preparing.Read(Preparing.With($$""","{{field}}":null,"{{field}}":null""")).Errors.ByField.Should().ContainKey(field);
    }

    [TestCase("""{"\ud800":1}""")]
    [TestCase("""{"\ud800 and more than seven":1}""")]
    [TestCase("""{"payloa\ud800":1}""")]
    public void Read_OfAFieldWhoseNameIsNoText_Refuses(string json) => Preparing.Read(json).Message.Should().BeNull();

    [Test]
    public void Read_OfBytesThatAreNoUtf8_Refuses()
    {
        byte[] Around(string before, string after) => [.. System.Text.Encoding.UTF8.GetBytes(before), 0xC3, 0x28, .. System.Text.Encoding.UTF8.GetBytes(after)];

        Preparing.Read(Around("""{"producer":"shop","topic":"t","payload":1,"key":" """, "\"}")).Errors.ByField.Should().ContainKey("key");
        Preparing.Read(Around("""{"producer":"shop","topic":"t","payload":1," """, "\":1}")).Message.Should().BeNull();
    }

    [TestCase("17")]
    [TestCase("\"text\"")]
    [TestCase("[]")]
    [TestCase("null")]
    public void Read_OfSomethingElseThanAnObject_SaysSo(string json) => Preparing.Read(json).Errors.ByField.Should().ContainKey("$");

    [Test]
    public void Read_OfSeveralMistakes_NamesAll() =>
        Preparing.Read("""{"producer":"nobody","topic":"","colour":1,"tag":5,"delaySeconds":-1}""").Errors.ByField.Keys.Should()
            .BeEquivalentTo("producer", "topic", "colour", "tag", "delaySeconds", "payload");

    [Test]
    [CancelAfter(20_000)]
    public void Read_OfAHundredThousandUnknownFields_StaysSmall(CancellationToken cancellationToken)
    {
        var same = string.Concat(Enumerable.Repeat(",\"a\":1", 100_000));
        var different = string.Concat(Enumerable.Range(0, 60_000).Select(i => $",\"{i}\":1"));

        foreach (var fields in (string[])[same, different])
        {
            var errors = Preparing.Read(Preparing.With(fields)).Errors;
            errors.ToString().Length.Should().BeLessThan(20_000);
            cancellationToken.IsCancellationRequested.Should().BeFalse();
        }
    }

    private static void ShouldRefuse(string json, string field)
    {
        var (message, errors) = Preparing.Read(json);

        message.Should().BeNull();
        errors.ByField.Should().ContainKey(field);
    }
}
