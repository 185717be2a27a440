using System.Net;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Tests.Webhooks;

public sealed class AddressPolicyTests
{
    private static readonly string[] Public =
        ["1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "192.167.1.1", "223.255.255.255", "2606:4700::1111", "2a00::1", "::ffff:8.8.8.8"];

    private static readonly string[] Loopback = ["127.0.0.1", "127.1.2.3", "127.255.255.255", "::1", "::ffff:127.0.0.1"];

    private static readonly string[] Special =
    [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.255", "168.63.129.16", "169.254.0.1",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255",
        "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::", "::2", "::127.0.0.1", "::8.8.8.8", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1", "64:ff9b::8.8.8.8", "64:ff9b::169.254.169.254",
        "64:ff9b:1::1", "100::1", "2001::1", "2001:0:1:2::3", "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:a00:1::1", "2002:808:808::1", "3fff::1", "3fff:fff::1", "4000::1",
        "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%1", "febf::1", "fec0::1", "ff02::1", "ff0e::1",
    ];

    [TestCaseSource(nameof(Public))]
    public void IsAllowed_PublicAddress_OnlyWithoutAListAndWithoutLoopbackMode(string address)
    {
        Allows(address).Should().BeTrue();
        Allows(address, loopback: true).Should().BeFalse();
        Allows(address, networks: "10.0.0.0/8").Should().BeFalse();
        Allows(address, networks: ["10.0.0.0/8", "0.0.0.0/0", "2000::/3"]).Should().BeTrue();
        Allows(address, loopback: true, networks: ["0.0.0.0/0", "2000::/3"]).Should().BeTrue();
    }

    [TestCaseSource(nameof(Special))]
    public void IsAllowed_SpecialAddress_OnlyWhenListed(string address)
    {
        Allows(address).Should().BeFalse();
        Allows(address, loopback: true).Should().BeFalse();
        Allows(address, networks: ["8.8.8.0/24", "2606::/16"]).Should().BeFalse();
        Allows(address, networks: ["0.0.0.0/0", "::/0"]).Should().BeTrue();
    }

    [TestCaseSource(nameof(Loopback))]
    public void IsAllowed_Loopback_InLoopbackModeOrWhenListed(string address)
    {
        Allows(address).Should().BeFalse();
        Allows(address, loopback: true).Should().BeTrue();
        Allows(address, loopback: true, networks: "10.0.0.0/8").Should().BeTrue();
        Allows(address, networks: ["127.0.0.0/8", "::1/128"]).Should().BeTrue();
    }

    [TestCase("::ffff:10.1.2.3", "10.0.0.0/8", true)]
    [TestCase("10.1.2.3", "::ffff:10.0.0.0/104", true)]
    [TestCase("::ffff:11.1.2.3", "10.0.0.0/8", false)]
    [TestCase("64:ff9b::10.1.2.3", "10.0.0.0/8", false)]
    [TestCase("64:ff9b::10.1.2.3", "64:ff9b::/96", true)]
    [TestCase("2002:a01:203::1", "10.0.0.0/8", false)]
    [TestCase("::10.1.2.3", "10.0.0.0/8", false)]
    [TestCase("10.1.2.3", "::/0", false)]
    [TestCase("10.1.2.3", "10.1.2.3/32", true)]
    [TestCase("10.1.2.4", "10.1.2.3/32", false)]
    public void IsAllowed_OtherSpellingOfAListedAddress_OnlyWhenMapped(string address, string network, bool expected) =>
        Allows(address, networks: network).Should().Be(expected);

    private static bool Allows(string address, bool loopback = false, params string[] networks) =>
        new AddressPolicy(networks, loopback).IsAllowed(IPAddress.Parse(address));
}
