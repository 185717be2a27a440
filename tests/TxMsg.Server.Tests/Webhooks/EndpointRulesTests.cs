using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Tests.Webhooks;

public sealed class EndpointRulesTests
{
    [TestCase("https://shop.example/hooks?tenant=1")]
    [TestCase("http://shop.example:8080/")]
    [TestCase("HTTPS://SHOP.EXAMPLE")]
    [TestCase("http://8.8.8.8/")]
    [TestCase("http://[2606:4700::1111]/")]
    [TestCase("https://bücher.example/")]
    public void TryParse_OfAPublicEndpoint_GivesIt(string url)
    {
        new EndpointRules(new AddressPolicy([], allowLoopback: false)).TryParse(url, out var endpoint, out var error).Should().BeTrue();

        error.Should().BeNull();
        endpoint.Should().Be(new Uri(url));
    }

    [TestCase(null, "empty")]
    [TestCase("", "empty")]
    [TestCase("/hooks", "absolute http")]
    [TestCase("shop.example/hooks", "absolute http")]
    [TestCase("//shop.example/hooks", "absolute http")]
    [TestCase("ftp://shop.example/", "absolute http")]
    [TestCase("file:///etc/passwd", "absolute http")]
    [TestCase("gopher://shop.example/", "absolute http")]
    [TestCase("http://", "absolute http")]
    [TestCase("http:///hooks", "absolute http")]
    [TestCase("http://shop.example:99999/", "absolute http")]
    [TestCase("http://shop.example:0/", "port")]
    [TestCase("http://\u202e.com/", "absolute http")]
    [TestCase("http://\u200f/", "absolute http")]
    [TestCase("http://user:secret@shop.example/", "user info")]
    [TestCase("http://user@shop.example/", "user info")]
    [TestCase("http://shop.example/#part", "fragment")]
    [TestCase("http://shop.example/#", "fragment")]
    [TestCase("http:\\\\shop.example\\", "backslash")]
    [TestCase("http://shop.example/a b", "space")]
    [TestCase(" http://shop.example/", "space")]
    [TestCase("http://shop.example/\r\nhost: x", "control")]
    public void TryParse_OfAnotherUrl_SaysWhatIsWrong(string? url, string expected)
    {
        new EndpointRules(new AddressPolicy([], allowLoopback: false)).TryParse(url, out var endpoint, out var error).Should().BeFalse();

        endpoint.Should().BeNull();
        error.Should().Contain(expected).And.NotContain("secret@");
    }

    // Without ICU these have a name in ASCII, which nobody has; with it they have none.
    [TestCase("http://a\u0378.example/")]
    [TestCase("http://\ufffd.example/")]
    [TestCase("http://\u00ad/")]
    public void TryParse_OfAHostThatIsNoName_RefusesItOrGivesOneThatCanBeLookedUp(string url)
    {
        new EndpointRules(new AddressPolicy([], allowLoopback: false)).TryParse(url, out var endpoint, out var error);

        (endpoint is null ? error : endpoint.IdnHost).Should().MatchRegex("^(xn--[-.a-z0-9]+|It is not an absolute http or https URL[.])$");
    }

    [Test]
    public void TryParse_OfALongUrl_IsRefused()
    {
        var rules = new EndpointRules(new AddressPolicy([], allowLoopback: false));

        rules.TryParse("http://shop.example/" + new string('a', 2048), out _, out _).Should().BeFalse();
        rules.TryParse("http://shop.example/" + new string('é', 1000), out _, out _).Should().BeFalse();
    }

    [TestCase("http://127.0.0.1/")]
    [TestCase("http://127.0.0.1./")]
    [TestCase("http://127.1/")]
    [TestCase("http://0177.0.0.1/")]
    [TestCase("http://0x7f.0.0.1/")]
    [TestCase("http://2130706433/")]
    [TestCase("http://0x7f000001/")]
    [TestCase("http://017700000001/")]
    [TestCase("http://[::1]/")]
    [TestCase("http://[::ffff:127.0.0.1]/")]
    [TestCase("http://localhost:5000/")]
    [TestCase("http://LOCALHOST./")]
    [TestCase("http://shop.localhost/")]
    public void TryParse_OfLoopbackInAnySpelling_DependsOnTheMode(string url)
    {
        new EndpointRules(new AddressPolicy([], allowLoopback: false)).TryParse(url, out _, out var error).Should().BeFalse();
        error.Should().Contain("AllowedNetworks");

        new EndpointRules(new AddressPolicy([], allowLoopback: true)).TryParse(url, out _, out _).Should().BeTrue();
    }

    [TestCase("http://169.254.169.254/latest/meta-data/")]
    [TestCase("http://0xa9fea9fe/")]
    [TestCase("http://[fd00:ec2::254]/")]
    [TestCase("http://[64:ff9b::a9fe:a9fe]/")]
    [TestCase("http://10.0.0.1/")]
    [TestCase("http://0/")]
    public void TryParse_OfAForbiddenAddress_IsRefusedInBothModes(string url)
    {
        new EndpointRules(new AddressPolicy([], allowLoopback: false)).TryParse(url, out _, out _).Should().BeFalse();
        new EndpointRules(new AddressPolicy([], allowLoopback: true)).TryParse(url, out _, out _).Should().BeFalse();
    }
}
