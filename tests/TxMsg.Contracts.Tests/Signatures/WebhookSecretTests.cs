using FluentAssertions;
using NUnit.Framework;
using TxMsg.Contracts.Signatures;

namespace TxMsg.Contracts.Tests.Signatures;

public sealed class WebhookSecretTests
{
    [Test]
    public void Generate_Always_GivesThirtyTwoFreshBytes()
    {
        var text = WebhookSecret.Generate().Reveal();

        text.Should().StartWith("whsec_").And.NotBe(WebhookSecret.Generate().Reveal());
        Convert.FromBase64String(text["whsec_".Length..]).Should().HaveCount(32);
        WebhookSecret.Parse(text).Reveal().Should().Be(text);
    }

    [TestCase(24)]
    [TestCase(25)]
    [TestCase(63)]
    [TestCase(64)]
    public void Parse_OfAnAllowedLength_GivesTheSecret(int bytes)
    {
        var text = Text(bytes);

        WebhookSecret.Parse(text).Reveal().Should().Be(text);
    }

    [TestCase(23)]
    [TestCase(65)]
    [TestCase(66)]
    public void TryParse_OfAWrongLength_SaysHowManyBytes(int bytes)
    {
        WebhookSecret.TryParse(Text(bytes), out var secret, out var reason).Should().BeFalse();

        secret.Should().BeNull();
        reason.Should().Contain("24 to 64").And.Contain($"{bytes}");
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("whsec_")]
    [TestCase("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [TestCase("WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [TestCase("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS")]
    [TestCase("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS_")]
    [TestCase("whsec_MfKQ9r8GKYqrTwjU PD8ILPZIo2LaLaSw")]
    [TestCase("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n")]
    public void TryParse_OfSomethingElse_SaysWhyWithoutRepeatingIt(string? text)
    {
        WebhookSecret.TryParse(text, out _, out var reason).Should().BeFalse();

        reason.Should().NotBeNullOrEmpty().And.NotContain("MfKQ9r8");
    }

    [Test]
    public void TryParse_OfAMegabyte_IsRefused() => WebhookSecret.TryParse(Text(1 << 20), out _, out _).Should().BeFalse();

    [Test]
    public void Parse_OfSomethingElse_ThrowsTheReason()
    {
        var parse = () => WebhookSecret.Parse("secret");

        parse.Should().Throw<ArgumentException>().WithMessage("*whsec_*");
    }

    [Test]
    public void ToString_Always_HidesTheSecret() => WebhookSecret.Parse(Text(24)).ToString().Should().Be("whsec_***");

    private static string Text(int bytes) => "whsec_" + Convert.ToBase64String(new byte[bytes]);
}
