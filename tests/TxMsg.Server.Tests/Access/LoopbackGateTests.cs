using System.Net;
using FluentAssertions;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;
using TxMsg.Server.Access;

namespace TxMsg.Server.Tests.Access;

public sealed class LoopbackGateTests
{
    [TestCase("localhost")]
    [TestCase("LOCALHOST:5080")]
    [TestCase("localhost.")]
    [TestCase("txmsg.localhost:1")]
    [TestCase("127.0.0.1")]
    [TestCase("127.0.0.1:5080")]
    [TestCase("127.255.255.254")]
    [TestCase("[::1]")]
    [TestCase("[::1]:5080")]
    [TestCase("[::ffff:127.0.0.1]:5080")]
    public void IsLoopbackHost_OfThisMachine_IsTrue(string host) => LoopbackGate.IsLoopbackHost(host).Should().BeTrue();

    [TestCase("")]
    [TestCase("attacker.example")]
    [TestCase("localhost.attacker.example")]
    [TestCase("127.0.0.1.attacker.example")]
    [TestCase("notlocalhost")]
    [TestCase("127.0.0.1.1")]
    [TestCase("127.0.0")]
    [TestCase("127.0.0.256")]
    [TestCase("127..0.1")]
    [TestCase("0.0.0.0")]
    [TestCase("10.0.0.1")]
    [TestCase("2130706433")]
    [TestCase("[::]")]
    [TestCase("[fe80::1]:5080")]
    [TestCase("[::1")]
    public void IsLoopbackHost_OfAnythingElse_IsFalse(string host) => LoopbackGate.IsLoopbackHost(host).Should().BeFalse();

    [TestCase("127.0.0.1", true)]
    [TestCase("127.8.8.8", true)]
    [TestCase("::1", true)]
    [TestCase("::ffff:127.0.0.1", true)]
    [TestCase("::ffff:127.9.9.9", true)]
    [TestCase("10.0.0.1", false)]
    [TestCase("::ffff:10.0.0.1", false)]
    [TestCase("fe80::1", false)]
    public void IsLoopback_OfAnAddress(string address, bool expected) => LoopbackGate.IsLoopback(IPAddress.Parse(address)).Should().Be(expected);

    [Test]
    public void Refusal_WithoutAnAddress_IsGiven() => LoopbackGate.Refusal(Request(address: null)).Should().Contain("TxMsg:Access:Mode=ApiKeys");

    [Test]
    public void Refusal_OfAPlainRequestFromThisMachine_IsNone() => LoopbackGate.Refusal(Request()).Should().BeNull();

    [TestCase("Forwarded", "for=192.0.2.1")]
    [TestCase("X-Forwarded-For", "192.0.2.1")]
    [TestCase("x-real-ip", "192.0.2.1")]
    [TestCase("Via", "1.1 proxy.example")]
    [TestCase("X-Forwarded-Server", "proxy.example")]
    [TestCase("X-Forwarded-Port", "443")]
    [TestCase("CF-Connecting-IP", "192.0.2.1")]
    [TestCase("True-Client-IP", "192.0.2.1")]
    public void Refusal_OfAForwardedRequest_NamesTheHeader(string header, string value)
    {
        var context = Request();
        context.Request.Headers[header] = value;

        LoopbackGate.Refusal(context).Should().ContainEquivalentOf(header);
    }

    [TestCase("POST", "Origin", "http://attacker.example")]
    [TestCase("POST", "Origin", "null")]
    [TestCase("GET", "Origin", "http://127.0.0.1:3000")]
    [TestCase("POST", "Sec-Fetch-Site", "cross-site")]
    [TestCase("GET", "Sec-Fetch-Site", "same-site")]
    public void Refusal_OfWhatAForeignPageAsks_IsGiven(string method, string header, string value)
    {
        var context = Request(method);
        context.Request.Headers[header] = value;

        LoopbackGate.Refusal(context).Should().Contain("another site");
    }

    [TestCase("GET", true)]
    [TestCase("POST", false)]
    public void Refusal_OfALinkFromElsewhere_IsGivenUnlessItOnlyReads(string method, bool passes)
    {
        var context = Request(method);
        context.Request.Headers["Sec-Fetch-Site"] = "cross-site";
        context.Request.Headers["Sec-Fetch-Mode"] = "navigate";
        context.Request.Headers["Sec-Fetch-Dest"] = "document";

        (LoopbackGate.Refusal(context) is null).Should().Be(passes);
    }

    [Test]
    public void Refusal_OfTheCoordinatorsOwnPage_IsNone()
    {
        var context = Request("POST");
        context.Request.Headers.Origin = "http://127.0.0.1:5080";
        context.Request.Headers["Sec-Fetch-Site"] = "same-origin";

        LoopbackGate.Refusal(context).Should().BeNull();
    }

    private static DefaultHttpContext Request(string method = "GET", string? address = "127.0.0.1")
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);
        context.Request.Method = method;
        context.Request.Headers.Host = "127.0.0.1:5080";
        return context;
    }
}
