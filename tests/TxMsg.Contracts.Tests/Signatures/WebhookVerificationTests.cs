using FluentAssertions;
using NUnit.Framework;
using TxMsg.Contracts.Signatures;

namespace TxMsg.Contracts.Tests.Signatures;

public sealed class WebhookVerificationTests
{
    private const string Id = "0197f5a4-0000-7000-8000-000000000001";
    private const long SentAt = 1614265330;
    private const string SentAtText = "1614265330";
    private static readonly WebhookSecret Old = WebhookSecret.Generate();
    private static readonly WebhookSecret New = WebhookSecret.Generate();
    private static readonly byte[] Body = "{\"amount\":12}"u8.ToArray();
    private static readonly string Header = WebhookSignature.Sign(New, Id, SentAt, Body);

    [Test]
    public void Verify_OfWhatWasSigned_IsValid() => Verify(Header).Should().Be(WebhookVerification.Valid);

    [Test]
    public void Verify_WhileASecretIsRotated_IsValidWithEither()
    {
        var both = WebhookSignature.Sign([Old, New], Id, SentAt, Body);

        Verify(both, secrets: [Old]).Should().Be(WebhookVerification.Valid);
        Verify(both, secrets: [New]).Should().Be(WebhookVerification.Valid);
        Verify(Header, secrets: [Old, New]).Should().Be(WebhookVerification.Valid);
    }

    [Test]
    public void Verify_BesideEntriesOfOtherVersions_IsValid() =>
        Verify($"v1a,abcd v1,AAAA junk  {Header} v2,x").Should().Be(WebhookVerification.Valid);

    [TestCase(null, Id, SentAtText)]
    [TestCase("", Id, SentAtText)]
    [TestCase("v1,x", null, SentAtText)]
    [TestCase("v1,x", Id, null)]
    public void Verify_WithoutAHeader_SaysSo(string? header, string? id, string? timestamp) =>
        WebhookSignature.Verify(header, id, timestamp, Body, [New], TimeSpan.FromMinutes(5), At(SentAt))
            .Should().Be(WebhookVerification.MissingHeader);

    [TestCase("v1", Id, SentAtText)]
    [TestCase("v1,", Id, SentAtText)]
    [TestCase(",abc", Id, SentAtText)]
    [TestCase("v1,x", "a.b", SentAtText)]
    [TestCase("v1,x", Id, "yesterday")]
    [TestCase("v1,x", Id, "-1")]
    [TestCase("v1,x", Id, " 1614265330")]
    [TestCase("v1,x", Id, "01614265330")]
    [TestCase("v1,x", Id, "1614265330.5")]
    [TestCase("v1,x", Id, "253402300800")]
    [TestCase("v1,x", Id, "99999999999999999999999")]
    public void Verify_OfAnotherForm_IsMalformed(string header, string id, string timestamp) =>
        WebhookSignature.Verify(header, id, timestamp, Body, [New], TimeSpan.FromMinutes(5), At(SentAt))
            .Should().Be(WebhookVerification.Malformed);

    [TestCase(300, WebhookVerification.Valid)]
    [TestCase(301, WebhookVerification.TimestampTooOld)]
    [TestCase(-300, WebhookVerification.Valid)]
    [TestCase(-301, WebhookVerification.TimestampTooNew)]
    public void Verify_SecondsAfterTheTimestamp_ObeysTheTolerance(int seconds, WebhookVerification expected) =>
        WebhookSignature.Verify(Header, Id, SentAtText, Body, [New], WebhookSignature.DefaultTolerance, At(SentAt + seconds))
            .Should().Be(expected);

    [Test]
    public void Verify_OfAnotherBodyIdTimeOrSecret_FindsNoMatch()
    {
        var time = At(SentAt);
        var tolerance = WebhookSignature.DefaultTolerance;

        Verify(Header, secrets: [Old]).Should().Be(WebhookVerification.NoMatch);
        Verify(Header, secrets: []).Should().Be(WebhookVerification.NoMatch);
        Verify("v2" + Header[2..]).Should().Be(WebhookVerification.NoMatch);
        WebhookSignature.Verify(Header, Id, SentAtText, "{}"u8, [New], tolerance, time).Should().Be(WebhookVerification.NoMatch);
        WebhookSignature.Verify(Header, "other", SentAtText, Body, [New], tolerance, time).Should().Be(WebhookVerification.NoMatch);
        WebhookSignature.Verify(Header, Id, "1614265331", Body, [New], tolerance, time).Should().Be(WebhookVerification.NoMatch);
    }

    private static WebhookVerification Verify(string header, WebhookSecret[]? secrets = null) =>
        WebhookSignature.Verify(header, Id, SentAtText, Body, secrets ?? [New], WebhookSignature.DefaultTolerance, At(SentAt));

    private static FixedTime At(long unixSeconds) => new(DateTimeOffset.FromUnixTimeSeconds(unixSeconds));

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
