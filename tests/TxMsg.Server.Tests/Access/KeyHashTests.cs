using System.Security.Cryptography;
using System.Text;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Access.Keys;

namespace TxMsg.Server.Tests.Access;

public sealed class KeyHashTests
{
    [Test]
    public void ToArray_IsTheSha256OfTheKey()
    {
        KeyHash.TryOf("txk_abc", out var hash).Should().BeTrue();

        hash.ToArray().Should().Equal(SHA256.HashData(Encoding.UTF8.GetBytes("txk_abc")));
    }

    [Test]
    public void TryRead_OfWhatWasStored_IsEqual()
    {
        KeyHash.TryOf("txk_abc", out var hash);

        KeyHash.TryRead(hash.ToArray(), out var read).Should().BeTrue();

        read.Should().Be(hash);
        read.FixedTimeEquals(hash).Should().BeTrue();
    }

    [TestCase(0)]
    [TestCase(31)]
    [TestCase(33)]
    public void TryRead_OfAnotherLength_IsFalse(int length) => KeyHash.TryRead(new byte[length], out _).Should().BeFalse();

    [TestCase(0)]
    [TestCase(KeyHash.MaxKeyLength + 1)]
    public void TryOf_WhatCannotBeAKey_IsFalse(int length) => KeyHash.TryOf(new string('k', length), out _).Should().BeFalse();

    [Test]
    public void FixedTimeEquals_OfAnotherKey_IsFalse()
    {
        KeyHash.TryOf("txk_abc", out var one);
        KeyHash.TryOf("txk_abd", out var other);

        one.FixedTimeEquals(other).Should().BeFalse();
    }
}
