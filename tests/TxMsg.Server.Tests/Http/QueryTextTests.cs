using FluentAssertions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using NUnit.Framework;
using TxMsg.Server.Http;

namespace TxMsg.Server.Tests.Http;

public sealed class QueryTextTests
{
    [TestCase("1970-01-02", 86_400_000)]
    [TestCase("1970-01-01T00:01", 60_000)]
    [TestCase("1970-01-01T00:00:01Z", 1_000)]
    [TestCase("1970-01-01T01:00:00+01:00", 0)]
    [TestCase("1970-01-01T00:00:00.5Z", 500)]
    [TestCase("1970-01-01T00:00:00.1239999Z", 123)]
    [TestCase("1970-01-01T00:00:00.123999999Z", 123)]
    [TestCase("1970-01-01T00:00:00.123999999", 123)]
    [TestCase("1970-01-01T01:00:00.123999999+01:00", 123)]
    public void ReadTime_OfATime_IsMilliseconds(string text, long expected)
    {
        QueryText.ReadTime(text, out var milliseconds).Should().BeNull();

        milliseconds.Should().Be(expected);
    }

    [TestCase("")]
    [TestCase("yesterday")]
    [TestCase("01/02/2026")]
    [TestCase("1970-01-01T00:00:00.12345678x")]
    [TestCase("1970-01-01.123456789")]
    public void ReadTime_OfSomethingElse_SaysWhatIsRequired(string text) =>
        QueryText.ReadTime(text, out _).Should().Be("A time in ISO 8601 is required.");

    [Test]
    public void ReadAll_TakesWhatIsKnownAndGivenOnce()
    {
        var errors = new FieldErrors();
        var values = new QueryCollection(new Dictionary<string, StringValues> { ["topic"] = "orders", ["key"] = "", ["tag"] = new(["a", "b"]), ["Topic2"] = "x" });

        QueryText.ReadAll(values, ["topic", "key", "tag", "state"], errors).Should().Equal(new Dictionary<string, string> { ["topic"] = "orders" });

        errors.ByField.Should().BeEquivalentTo(new Dictionary<string, string[]> { ["tag"] = ["This parameter is given twice."], ["Topic2"] = ["This parameter is not known."] });
    }
}
