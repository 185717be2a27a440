using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Http;

namespace TxMsg.Server.Tests.Http;

public sealed class WireTimeTests
{
    [TestCase("2026-01-31T12:00:00Z", "2026-01-31T12:00:00.000Z")]
    [TestCase("2026-01-31T12:00:00.0019999Z", "2026-01-31T12:00:00.001Z")]
    [TestCase("2026-01-31T23:30:00.25-01:00", "2026-02-01T00:30:00.250Z")]
    [TestCase("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z")]
    [TestCase("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z")]
    public void Format_IsUtcToTheMillisecond(string time, string wire) =>
        WireTime.Format(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture)).Should().Be(wire);
}
