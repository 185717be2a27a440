using System.Globalization;
using CsCheck;
using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using TxMsg.Client.Consuming;
using TxMsg.Contracts;
using TxMsg.Contracts.Signatures;

namespace TxMsg.Client.Tests.Consuming;

public sealed class DeliveryReaderTests
{
    private const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static readonly string[] SpoiltHeaders = [HeaderNames.Type, HeaderNames.Id, HeaderNames.Time, HeaderNames.WebhookSignature, HeaderNames.WebhookTimestamp, HeaderNames.TraceParent];
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 8, TimeSpan.Zero);

    [Test]
    public void Delivery_IsReadAsTheCoordinatorWritesIt()
    {
        var delivery = Delivery()
            .With(HeaderNames.Type, "orders%20(caf%C3%A9)").With(HeaderNames.Subject, "A%25B").With(HeaderNames.PartitionKey, "c-1").With(HeaderNames.Tag, "%E6%96%B0")
            .With(HeaderNames.Attempt, "17").With(HeaderNames.TraceParent, TraceParent).With("txmsg-h-Region", "eu, west").With("txmsg-h-empty", "");

        var message = Read(delivery);

        message.Id.Should().Be(delivery.Id);
        message.Topic.Should().Be("orders (café)");
        message.Producer.Should().Be("shop");
        message.Subscription.Should().Be("stock");
        message.Attempt.Should().Be(17);
        message.CommittedAt.Should().Be(new DateTimeOffset(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero)).And.HaveOffset(TimeSpan.Zero);
        message.Key.Should().Be("A%B");
        message.OrderingKey.Should().Be("c-1");
        message.Tag.Should().Be("新");
        message.ContentType.Should().Be("application/json");
        message.Payload.ToArray().Should().Equal(delivery.Body);
        message.TraceParent.Should().Be(TraceParent);
        message.Headers.Should().Equal(new Dictionary<string, string> { ["Region"] = "eu, west", ["empty"] = "" });
        message.Headers["REGION"].Should().Be("eu, west");
    }

    [Test]
    public void Delivery_WithoutWhatIsOptional_HasNone()
    {
        var message = Read(Delivery().With("Content-Type", null));
        (message.Key, message.OrderingKey, message.Tag, message.ContentType, message.TraceParent).Should().Be((null, null, null, null, null));
        message.Headers.Should().BeEmpty();
    }

    [TestCase(HeaderNames.Type)]
    [TestCase(HeaderNames.Subject)]
    [TestCase(HeaderNames.PartitionKey)]
    [TestCase(HeaderNames.Tag)]
    public void Delivery_WithControlCharactersThatTheCoordinatorAccepts_IsRead(string header)
    {
        var message = Read(Delivery().With(header, "a%C2%80%C2%9Fb"));
        new[] { message.Topic, message.Key, message.OrderingKey, message.Tag }.Should().Contain("a\u0080\u009fb");
    }

    [TestCase(HeaderNames.WebhookId, null, RefusalReason.MissingSignature)]
    [TestCase(HeaderNames.WebhookTimestamp, null, RefusalReason.MissingSignature)]
    [TestCase(HeaderNames.WebhookSignature, null, RefusalReason.MissingSignature)]
    [TestCase(HeaderNames.WebhookSignature, "", RefusalReason.MissingSignature)]
    [TestCase(HeaderNames.WebhookSignature, "nonsense", RefusalReason.MalformedSignature)]
    [TestCase(HeaderNames.WebhookTimestamp, "yesterday", RefusalReason.MalformedSignature)]
    [TestCase(HeaderNames.WebhookId, "a.b", RefusalReason.MalformedSignature)]
    [TestCase(HeaderNames.WebhookSignature, "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", RefusalReason.WrongSignature)]
    [TestCase(HeaderNames.WebhookId, "0199aaaa-0000-7000-8000-000000000000", RefusalReason.WrongSignature)]
    public void Signature_ThatIsNotRight_Is401(string header, string? value, RefusalReason reason) => Refusal(Delivery().With(header, value)).Should().BeEquivalentTo(new { Reason = reason, Status = 401 });

    [Test]
    public void Signature_OfAnotherSecret_Is401()
    {
        var delivery = Delivery();
        delivery.Secrets = [WebhookSecret.Generate()];
        Refusal(delivery).Should().BeEquivalentTo(new { Reason = RefusalReason.WrongSignature, Status = 401 });
    }

    [Test]
    public void Signature_OverAnotherBody_Is401()
    {
        var delivery = Delivery();
        Reader().TryRead(new DeliveryRequest(delivery.Headers(), SignedDelivery.Utf8("{\"number\":8}")), out _, out var refusal).Should().BeFalse();
        refusal!.Reason.Should().Be(RefusalReason.WrongSignature);
    }

    [TestCase(-300, null)]
    [TestCase(-301, RefusalReason.TimestampTooOld)]
    [TestCase(300, null)]
    [TestCase(301, RefusalReason.TimestampTooNew)]
    public void Age_CountsToTheSecond(int seconds, RefusalReason? reason)
    {
        var delivery = Delivery();
        delivery.SignedAt = Now.AddSeconds(seconds);
        if (reason is null) Read(delivery).Should().NotBeNull();
        else Refusal(delivery).Should().BeEquivalentTo(new { Reason = reason, Status = 401 });
    }

    [Test]
    public void Secret_ThatIsBeingRotated_CountsBesideTheOther()
    {
        var next = WebhookSecret.Generate();
        var delivery = Delivery();
        delivery.Secrets = [next];
        Reader(options => options.Secrets.Insert(0, next.Reveal())).TryRead(delivery.ToRequest(), out _, out _).Should().BeTrue();
    }

    [TestCase(HeaderNames.SpecVersion, null)]
    [TestCase(HeaderNames.SpecVersion, "0.3")]
    [TestCase(HeaderNames.Id, null)]
    [TestCase(HeaderNames.Id, "7")]
    [TestCase(HeaderNames.Source, null)]
    [TestCase(HeaderNames.Source, "/producers/")]
    [TestCase(HeaderNames.Source, "/shop")]
    [TestCase(HeaderNames.Source, "/producers/a/b")]
    [TestCase(HeaderNames.Type, null)]
    [TestCase(HeaderNames.Type, "")]
    [TestCase(HeaderNames.Type, "%C3")]
    [TestCase(HeaderNames.Type, "%4")]
    [TestCase(HeaderNames.Type, "%zz")]
    [TestCase(HeaderNames.Type, "% 4")]
    [TestCase(HeaderNames.Type, "a b")]
    [TestCase(HeaderNames.Type, "café")]
    [TestCase(HeaderNames.Type, "a%0D%0Ab")]
    [TestCase(HeaderNames.Type, "a%1F")]
    [TestCase(HeaderNames.Type, "a%7F")]
    [TestCase(HeaderNames.Type, "\"a\"")]
    [TestCase(HeaderNames.Time, null)]
    [TestCase(HeaderNames.Time, "2026-03-04")]
    [TestCase(HeaderNames.Time, "2026-03-04T05:06:07")]
    [TestCase(HeaderNames.Time, "04.03.2026 05:06")]
    [TestCase(HeaderNames.Attempt, null)]
    [TestCase(HeaderNames.Attempt, "0")]
    [TestCase(HeaderNames.Attempt, "-1")]
    [TestCase(HeaderNames.Attempt, "1.5")]
    [TestCase(HeaderNames.Attempt, "99999999999")]
    [TestCase(HeaderNames.Subscription, null)]
    [TestCase(HeaderNames.Subscription, "a b")]
    [TestCase(HeaderNames.Subject, "%FF")]
    [TestCase(HeaderNames.PartitionKey, "")]
    [TestCase(HeaderNames.Tag, "%")]
    public void Event_ThatIsMalformed_Is400AndNamesTheHeader(string header, string? value)
    {
        var refusal = Refusal(Delivery().With(header, value));
        refusal.Should().BeEquivalentTo(new { Reason = RefusalReason.MalformedEvent, Status = 400 });
        refusal.Detail.Should().EndWith($"{header}.");
    }

    [TestCase("ce-type")]
    [TestCase("txmsg-h-a")]
    [TestCase("webhook-id")]
    public void Header_ThatCameTwice_Is400(string header)
    {
        var delivery = Delivery().With("txmsg-h-a", "1");
        var headers = delivery.Headers().ToList();
        headers.Add(KeyValuePair.Create(header.ToUpperInvariant(), "x"));
        Reader().TryRead(new DeliveryRequest(headers, delivery.Body), out _, out var refusal).Should().BeFalse();
        refusal!.Reason.Should().Be(RefusalReason.MalformedEvent);
    }

    [Test]
    public void Event_OfAnotherMessageThanTheSignedOne_Is400() =>
        Refusal(Delivery().With(HeaderNames.Id, Guid.CreateVersion7().ToString())).Should().BeEquivalentTo(new { Reason = RefusalReason.IdMismatch, Status = 400 });

    [Test]
    public void Subscription_ThatIsNotConsumedHere_Is403() =>
        Refusal(Delivery().With(HeaderNames.Subscription, "points"), options => options.Subscriptions.Add(new ConsumerSubscription("stock")))
            .Should().BeEquivalentTo(new { Reason = RefusalReason.ForeignSubscription, Status = 403 });

    [Test]
    public void Subscription_OfAnotherEndpoint_Is403()
    {
        Reader().TryRead(Delivery().ToRequest() with { Subscription = "points" }, out _, out var refusal).Should().BeFalse();
        refusal!.Reason.Should().Be(RefusalReason.ForeignSubscription);
    }

    [Test]
    public void Subscription_WithSecretsOfItsOwn_TakesNoOther()
    {
        var own = WebhookSecret.Generate();
        void Configure(ConsumerOptions options) => options.Subscriptions.Add(new ConsumerSubscription("stock") { Secrets = { own.Reveal() } });
        Refusal(Delivery(), Configure).Reason.Should().Be(RefusalReason.WrongSignature);
        var delivery = Delivery();
        delivery.Secrets = [own];
        Reader(Configure).TryRead(delivery.ToRequest(), out _, out _).Should().BeTrue();
    }

    [Test]
    public void Body_LargerThanTheBound_Is413()
    {
        var delivery = Delivery();
        delivery.Body = new byte[262_144];
        Read(delivery).Payload.Length.Should().Be(262_144);
        delivery.Body = new byte[262_145];
        Refusal(delivery).Should().BeEquivalentTo(new { Reason = RefusalReason.TooLarge, Status = 413 });
    }

    [TestCase("nonsense", null)]
    [TestCase("00-00000000000000000000000000000000-b7ad6b7169203331-01", null)]
    [TestCase(TraceParent + "-more", null)]
    [TestCase("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", TraceParent)]
    public void TraceParent_ThatIsNotValid_IsNone(string sent, string? read) => Read(Delivery().With(HeaderNames.TraceParent, sent)).TraceParent.Should().Be(read);

    [Test]
    public void Attribute_OfAnyText_ComesBack() => Gen.String.Where(text => text.Length > 0 && !text.Any(char.IsControl) && IsText(text)).Sample(text =>
        Read(Delivery().With(HeaderNames.Subject, Uri.EscapeDataString(text))).Key == text, iter: 500);

    [Test]
    public void Header_OfAnyNonsense_NeverThrows() => Gen.Select(Gen.Int[0, SpoiltHeaders.Length - 1], Gen.String)
        .Sample((header, text) => Reader().TryRead(Delivery().With(SpoiltHeaders[header], text).ToRequest(), out var message, out var refusal) == (message is not null) && message is null == refusal is not null, iter: 500);

    private static bool IsText(string text) => text.EnumerateRunes().All(rune => rune != System.Text.Rune.ReplacementChar);

    private static SignedDelivery Delivery() => new() { SignedAt = Now };

    private static DeliveryReader Reader(Action<ConsumerOptions>? configure = null)
    {
        var options = new ConsumerOptions { Secrets = { SignedDelivery.Secret.Reveal() } };
        configure?.Invoke(options);
        return new DeliveryReader(options, new FakeTimeProvider(Now));
    }

    private static ReceivedMessage Read(SignedDelivery delivery)
    {
        Reader().TryRead(delivery.ToRequest(), out var message, out var refusal).Should().BeTrue(refusal?.Detail ?? string.Create(CultureInfo.InvariantCulture, $"{delivery.Id} is right"));
        return message!;
    }

    private static DeliveryRefusal Refusal(SignedDelivery delivery, Action<ConsumerOptions>? configure = null)
    {
        Reader(configure).TryRead(delivery.ToRequest(), out var message, out var refusal).Should().BeFalse();
        message.Should().BeNull();
        return refusal!;
    }
}
