using System.Security.Cryptography;
using System.Text;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Contracts.Signatures;

namespace TxMsg.Contracts.Tests.Signatures;

public sealed class WebhookSignatureTests
{
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const long SentAt = 1614265330;
    private static readonly WebhookSecret Secret = WebhookSecret.Parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    [Test]
    public void Sign_OfTheVectorOfStandardWebhooks_GivesItsSignature() =>
        WebhookSignature.Sign(Secret, Id, SentAt, "{\"test\": 2432232314}"u8)
            .Should().Be("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(900)]
    [TestCase(1100)]
    [TestCase(1 << 20)]
    public void Sign_OfAnyBodySize_IsTheHmacOfIdTimestampAndBody(int size)
    {
        var body = RandomNumberGenerator.GetBytes(size);
        var key = Convert.FromBase64String(Secret.Reveal()["whsec_".Length..]);
        byte[] content = [.. Encoding.ASCII.GetBytes($"{Id}.{SentAt}."), .. body];
        var expected = HMACSHA256.HashData(key, content);

        WebhookSignature.Sign(Secret, Id, SentAt, body).Should().Be("v1," + Convert.ToBase64String(expected));
    }

    [Test]
    public void Sign_ByManyAtOnce_SignsForEachWhatItAlsoSignsAlone()
    {
        var key = Convert.FromBase64String(Secret.Reveal()["whsec_".Length..]);
        var bodies = Enumerable.Range(0, 20_000).Select(i => Encoding.ASCII.GetBytes($"body {i}")).ToArray();
        var alone = bodies.Select(body => HMACSHA256.HashData(key, (byte[])[.. Encoding.ASCII.GetBytes($"{Id}.{SentAt}."), .. body]));

        var signed = bodies.AsParallel().AsOrdered().WithDegreeOfParallelism(8).Select(body => WebhookSignature.Sign(Secret, Id, SentAt, body)).ToArray();

        signed.Should().Equal(alone.Select(hash => "v1," + Convert.ToBase64String(hash)));
    }

    [Test]
    public void Sign_WithSeveralSecrets_GivesOneEntryEachInOrder()
    {
        WebhookSecret[] secrets = [.. Enumerable.Range(0, 30).Select(_ => WebhookSecret.Generate())];

        WebhookSignature.Sign(secrets, Id, SentAt, "x"u8)
            .Should().Be(string.Join(' ', secrets.Select(s => WebhookSignature.Sign(s, Id, SentAt, "x"u8))));
    }

    [TestCase("")]
    [TestCase("a.b")]
    [TestCase("a b")]
    [TestCase("a\r\nb")]
    [TestCase("é")]
    public void Sign_OfAnIdThatCouldBeMisread_Throws(string id)
    {
        var sign = () => WebhookSignature.Sign(Secret, id, SentAt, "x"u8);

        sign.Should().Throw<ArgumentException>();
    }

    [Test]
    public void Sign_WithoutASecret_Throws()
    {
        var sign = () => WebhookSignature.Sign([], Id, SentAt, "x"u8);

        sign.Should().Throw<ArgumentException>();
    }

    [Test]
    public void Sign_OfASmallBody_AllocatesOnlyItsResult()
    {
        var body = new byte[500];
        WebhookSignature.Sign(Secret, Id, SentAt, body);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            WebhookSignature.Sign(Secret, Id, SentAt, body);
        }

        ((GC.GetAllocatedBytesForCurrentThread() - before) / 1000).Should().BeLessThan(200);
    }
}
