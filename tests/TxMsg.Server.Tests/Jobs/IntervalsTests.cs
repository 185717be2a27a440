using CsCheck;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Jobs;

namespace TxMsg.Server.Tests.Jobs;

public sealed class IntervalsTests
{
    [TestCase(0.2, "*/1 * * * * *")]
    [TestCase(1, "*/1 * * * * *")]
    [TestCase(5, "*/5 * * * * *")]
    [TestCase(59.9, "*/59 * * * * *")]
    [TestCase(60, "*/1 * * * *")]
    [TestCase(90, "*/1 * * * *")]
    [TestCase(900, "*/15 * * * *")]
    [TestCase(3599, "*/59 * * * *")]
    [TestCase(3600, "0 */1 * * *")]
    [TestCase(7200, "0 */2 * * *")]
    [TestCase(86_399, "0 */23 * * *")]
    [TestCase(86_400, "0 0 * * *")]
    [TestCase(8_640_000, "0 0 * * *")]
    public void ToCron_OfAnInterval_ComesNearest(double seconds, string cron) => Intervals.ToCron(TimeSpan.FromSeconds(seconds)).Should().Be(cron);

    [Test]
    public void ToCron_OfAnyInterval_IsNeverSlower() =>
        Gen.OneOf(Gen.Double[1, 120], Gen.Double[60, 7200], Gen.Double[3600, 200_000]).Sample(seconds =>
        {
            var fields = Intervals.ToCron(TimeSpan.FromSeconds(seconds)).Split(' ');
            var stepped = Array.FindIndex(fields, field => field.StartsWith("*/", StringComparison.Ordinal));
            // From the right: hours, minutes, seconds; what begins anew at the end of the field comes sooner, never later.
            var unit = (fields.Length - stepped) switch { 4 => 3600, 5 => 60, 6 => 1, _ => 86_400 };
            (stepped < 0 ? unit : unit * int.Parse(fields[stepped][2..])).Should().BeLessThanOrEqualTo((int)seconds);
        });
}
