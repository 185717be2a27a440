using FluentAssertions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using NUnit.Framework;
using TxMsg.Server.Http;
using TxMsg.Server.Tests.Hosted;
using TxMsg.Server.Undecided;

namespace TxMsg.Server.Tests.Undecided;

public sealed class UndecidedQueryTests
{
    private TestStore store = null!;

    [OneTimeSetUp]
    public async Task OpenAsync() => store = await TestStore.OpenAsync();

    [OneTimeTearDown]
    public async Task CloseAsync() => await store.DisposeAsync();

    [TestCase("0", 0)]
    [TestCase("1.5", 1.5)]
    [TestCase("315360000", 315_360_000)]
    public void OlderThan_IsANumberOfSeconds(string text, double seconds)
    {
        var errors = new FieldErrors();

        Parse(text, errors)!.OlderThan.Should().Be(TimeSpan.FromSeconds(seconds));
        errors.ByField.Should().BeEmpty();
    }

    [TestCase("-Infinity")]
    [TestCase("Infinity")]
    [TestCase("NaN")]
    [TestCase("-1")]
    [TestCase("1e3")]
    [TestCase("315360001")]
    [TestCase("long")]
    public void OlderThan_ThatIsNone_IsRefusedByItsName(string text)
    {
        var errors = new FieldErrors();

        Parse(text, errors).Should().BeNull();
        errors.ByField.Should().ContainKey("olderThanSeconds").WhoseValue.Should().Equal("A number from 0 to 315360000.");
    }

    private UndecidedQuery? Parse(string olderThanSeconds, FieldErrors errors) =>
        UndecidedQuery.Parse(new QueryCollection(new Dictionary<string, StringValues> { ["olderThanSeconds"] = olderThanSeconds }), store.Registry.Current, errors);
}
