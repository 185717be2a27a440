using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Contracts.Messages;
using TxMsg.Server.Http;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Tests.Transactions;

/// <summary>What is written by hand is what the serializer would write, field by field.</summary>
public sealed class MessageJsonTests
{
    private static readonly DateTimeOffset Time = new(2026, 1, 31, 23, 59, 59, 999, TimeSpan.FromHours(2));

    private static readonly MessageResource Bare = new()
    {
        Id = Guid.Parse("01981d4c-7e2a-7c3f-9a51-3b6d00000000"), Producer = "p", Topic = "t", State = "prepared", PreparedAt = default,
    };

    private static readonly MessageResource Full = Bare with
    {
        Producer = "\"é<\\\u2028", Key = "k", Tag = "", OrderingKey = "\0\t\u202e", DelaySeconds = 0.1, ContentType = "text/plain",
        Headers = new Dictionary<string, string> { ["a-b"] = "1", ["c"] = "\ud83d\ude00" }, PreparedAt = Time, DecidedAt = Time.AddTicks(1), DecidedBy = "operator",
        Reason = "</script>", NextCheckBackAt = DateTimeOffset.MaxValue, CheckBacks = int.MaxValue,
        Deliveries =
        [
            new DeliveryResource { Subscription = "s", State = "pending" },
            new DeliveryResource { Subscription = "s2", State = "delivered", Attempts = 2, NextAttemptAt = Time, LastStatus = 503, LastError = "'", DeliveredAt = Time },
        ],
    };

    private static readonly MessageResource[] Messages = [Bare, Full, Full with { Headers = new Dictionary<string, string>(), Deliveries = [], DelaySeconds = 31_536_000 }];

    [TestCaseSource(nameof(Messages))]
    public void Write_IsWhatTheSerializerWrites(MessageResource message) =>
        Text(json => MessageJson.Write(json, message)).Should().Be(Text(json => JsonSerializer.Serialize(json, message, WireJson.Default.MessageResource)));

    [Test]
    public void FullMessage_HasEveryField()
    {
        foreach (var property in typeof(MessageResource).GetProperties()) property.GetValue(Full).Should().NotBeNull(property.Name);
        foreach (var property in typeof(DeliveryResource).GetProperties()) property.GetValue(Full.Deliveries![1]).Should().NotBeNull(property.Name);
    }

    private static string Text(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) write(json);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
