using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Http;
using TxMsg.Server.Observability.History;

namespace TxMsg.Server.Tests.Observability.History;

public sealed class HistoryQueryTests
{
    [TestCase(null, null, 60, 1)]
    [TestCase("1", null, 1, 1)]
    [TestCase("1440", null, 1440, 1)]
    [TestCase("1441", null, 721, 2)]
    [TestCase("10080", null, 1008, 10)]
    [TestCase("60", "300", 12, 5)]
    [TestCase("61", "300", 13, 5)]
    [TestCase("60", "604800", 1, 10080)]
    public void AQuery_HasSoManyPointsOfSuchALength(string? minutes, string? stepSeconds, int points, int stepMinutes)
    {
        var errors = new FieldErrors();

        var query = HistoryQuery.Read(minutes, stepSeconds, errors);

        errors.IsEmpty.Should().BeTrue();
        (query.Points, query.StepMinutes).Should().Be((points, stepMinutes));
    }

    [TestCase("0", null)]
    [TestCase("10081", null)]
    [TestCase("-1", null)]
    [TestCase("60.5", null)]
    [TestCase("an hour", null)]
    [TestCase("60", "0")]
    [TestCase("60", "90")]
    [TestCase("60", "604860")]
    [TestCase("10080", "60")]
    public void AWrongQuery_IsRefused(string minutes, string? stepSeconds)
    {
        var errors = new FieldErrors();

        HistoryQuery.Read(minutes, stepSeconds, errors);

        errors.IsEmpty.Should().BeFalse();
    }
}
