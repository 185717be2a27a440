using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CsCheck;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Tests.Transactions;

public sealed class PayloadTests
{
    // With its own traps: a name of ours nested, escapes, twins, numbers past every type.
    private const string Rich = """{"producer":"shop", "payload" : {"payload":{"topic":"x"}, "a":1e400,"a":[ 0.10, "\u00e9\/" ]} , "topic":"t","headers":{"h":"v"},"delaySeconds":1,"key":"k"}""";

    [TestCase("{}")]
    [TestCase("[ ]")]
    [TestCase("null")]
    [TestCase("true")]
    [TestCase("-0.10e+5")]
    [TestCase("\"\"")]
    [TestCase("\"\\ud800\"", Description = "A lone surrogate is the consumer's to judge")]
    [TestCase("{ \"b\" : 1 ,\r\n\t\"a\":2 , \"b\":3 }")]
    [TestCase("""{"e":"\u00e9\/\\\"","é":"😀"}""")]
    [TestCase("123456789012345678901234567890.12345678901234567890e-400")]
    [TestCase("""{"producer":"other","payload":[{"payload":null}],"verdict":"rollback"}""")]
    public void Read_OfAPayload_KeepsItByteForByte(string payload)
    {
        Preparing.Message($$"""{"payload": {{payload}} ,"producer":"shop","topic":"t"}""").Payload().Should().Be(payload);
        Preparing.Message($$"""{"producer":"shop","topic":"t","payload":{{payload}}}""").Payload().Should().Be(payload);
    }

    [TestCase(60, true)]
    [TestCase(64, false)]
    [TestCase(100_000, false)]
    public void Read_OfADeepPayload_EndsAtTheLimit(int depth, bool allowed)
    {
        var json = Preparing.With("", new string('[', depth) + new string(']', depth));

        var read = () => Preparing.Read(json).Message;

        if (allowed) read().Should().NotBeNull();
        else read.Should().Throw<JsonException>();
    }

    [TestCase("")]
    [TestCase(" ")]
    [TestCase("{")]
    [TestCase("""{"producer":"shop","topic":"t","payload":{"a":1}""")]
    [TestCase("""{"producer":"shop","topic":"t","payload":1} x""")]
    [TestCase("""{"producer":"shop","topic":"t","payload":1}{}""")]
    [TestCase("""{"producer":"shop","topic":"t","payload":01}""")]
    [TestCase("""{"producer":"shop","topic":"t","payload":'a'}""")]
    [TestCase("""{"producer":"shop","topic":"t","payload":1,}""")]
    [TestCase("""{"producer":"shop","topic":"t",/* c */"payload":1}""")]
    public void Read_OfWhatIsNotJson_Throws(string json) => FluentActions.Invoking(() => Preparing.Read(json)).Should().Throw<JsonException>();

    [Test]
    public void Read_OfAnyBytes_ThrowsNothingButJsonException() =>
        Gen.Byte.Array[0, 80].Sample(bytes => { ReadSafely(bytes); }, iter: 20_000);

    [Test]
    public void Read_OfDamagedJson_NeverYieldsAnotherPayload()
    {
        var original = Encoding.UTF8.GetBytes(Rich);
        var damage = Gen.Select(Gen.Int[0, original.Length - 1], Gen.OneOf(Gen.Byte, Gen.OneOf("{}[]\",:\\u d8n1e-"u8.ToArray())));
        damage.Array[1, 6].Sample(changes =>
        {
            var bytes = original.ToArray();
            foreach (var (at, value) in changes) bytes[at] = value;
            CheckPayload(bytes);
        }, iter: 30_000);
    }

    [Test]
    public void Read_OfFieldsInAnyOrderAndSpacing_KeepsThePayload()
    {
        var space = Gen.OneOf("", " ", "\n", "\t \r\n");
        var value = Gen.OneOf("1", "{ }", "[1, 2]", "\"a\\u0062\"", "{\"x\":{\"payload\":[null]}}", "null");
        Gen.Select(space, space, value, Gen.Shuffle((string[])["p", "t", "d"])).Sample((before, after, payload, order) =>
        {
            var fields = order.Select(field => field switch
            {
                "p" => "\"producer\":\"shop\"",
                "t" => "\"topic\":\"t\"",
                _ => $"\"payload\"{after}:{before}{payload}{after}",
            });
            Preparing.Message($"{before}{{{string.Join(",", fields)}}}{after}").Payload().Should().Be(payload);
        }, iter: 2_000);
    }

    private static NewMessage? ReadSafely(byte[] bytes)
    {
        try
        {
            return Preparing.Read(bytes).Message;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Another reader of JSON must see the same payload at the same place.
    private static void CheckPayload(byte[] bytes)
    {
        if (ReadSafely(bytes) is not { } message) return;
        using var json = JsonDocument.Parse(bytes);
        JsonMarshal.GetRawUtf8Value(json.RootElement.GetProperty("payload")).SequenceEqual(message.Content.Payload.Span).Should().BeTrue();
    }
}
