using CloudNative.CloudEvents;
using CloudNative.CloudEvents.Http;
using CloudNative.CloudEvents.SystemTextJson;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Client.Consuming;
using TxMsg.Contracts;

namespace TxMsg.Client.Tests.Consuming;

/// <summary>What the official SDK reads in a delivery, and writes into one, the reader reads too.</summary>
public sealed class CloudEventsTests
{
    private static readonly JsonEventFormatter Formatter = new();

    [Test]
    public async Task Delivery_IsReadAsTheOfficialSdkReadsIt()
    {
        var delivery = new SignedDelivery().With(HeaderNames.Type, "caf%C3%A9").With(HeaderNames.Subject, "100%25").With(HeaderNames.Tag, "a%20b").With(HeaderNames.PartitionKey, "%22k%22");
        Reader().TryRead(delivery.ToRequest(), out var message, out _).Should().BeTrue();

        var official = await delivery.ToHttp("http://localhost/").ToCloudEventAsync(Formatter);

        message!.Id.ToString().Should().Be(official.Id);
        message.Topic.Should().Be(official.Type).And.Be("café");
        $"/producers/{message.Producer}".Should().Be(official.Source!.ToString());
        message.CommittedAt.Should().Be(official.Time);
        message.Key.Should().Be(official.Subject).And.Be("100%");
        message.OrderingKey.Should().Be((string?)official["partitionkey"]).And.Be("\"k\"");
        message.Tag.Should().Be((string?)official["txmsgtag"]);
        message.Attempt.ToString(System.Globalization.CultureInfo.InvariantCulture).Should().Be((string?)official["txmsgattempt"]);
        message.Subscription.Should().Be((string?)official["txmsgsubscription"]);
        message.ContentType.Should().Be(official.DataContentType);
    }

    [Test]
    public void Event_OfTheOfficialSdk_IsRead()
    {
        var delivery = new SignedDelivery();
        var official = new CloudEvent
        {
            Id = delivery.Id.ToString(),
            Source = new Uri("/producers/shop", UriKind.Relative),
            Type = "Größe \"x\" 新 😀",
            Subject = "a b",
            Time = DateTimeOffset.UtcNow,
            ["txmsgattempt"] = "3",
            ["txmsgsubscription"] = "stock",
        };
        var headers = official.ToHttpContent(ContentMode.Binary, Formatter).Headers;
        foreach (var (name, values) in headers.NonValidated.Where(header => header.Key.StartsWith("ce-", StringComparison.OrdinalIgnoreCase))) delivery.With(name, values.ToString());

        Reader().TryRead(delivery.ToRequest(), out var message, out var refusal).Should().BeTrue(refusal?.Detail ?? "");

        message!.Topic.Should().Be(official.Type);
        message.Key.Should().Be("a b");
        message.CommittedAt.Should().Be(official.Time);
        message.Attempt.Should().Be(3);
    }

    private static DeliveryReader Reader() => new(new ConsumerOptions { Secrets = { SignedDelivery.Secret.Reveal() } }, TimeProvider.System);
}
