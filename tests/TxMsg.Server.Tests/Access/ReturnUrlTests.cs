using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Access.SignIn;

namespace TxMsg.Server.Tests.Access;

public sealed class ReturnUrlTests
{
    [TestCase("/hangfire/recurring?from=0")]
    [TestCase("/docs")]
    public void Of_APageHere_IsThatPage(string url) => ReturnUrl.Of(url).Should().Be(url);

    [TestCase(null)]
    [TestCase("")]
    [TestCase("hangfire")]
    [TestCase("//attacker.example")]
    [TestCase("/\\attacker.example")]
    [TestCase("/\t/attacker.example")]
    [TestCase("https://attacker.example")]
    [TestCase("javascript:alert(1)")]
    [TestCase("/a\r\nSet-Cookie: x=y")]
    [TestCase("/ä")]
    public void Of_AnythingElse_IsTheDashboard(string? url) => ReturnUrl.Of(url).Should().Be("/hangfire");
}
