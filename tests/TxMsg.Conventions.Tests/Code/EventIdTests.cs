using System.Text.RegularExpressions;

namespace TxMsg.Conventions.Tests.Code;

/// <summary>Who filters logs by an event id gets one kind of event.</summary>
public sealed partial class EventIdTests
{
    [TestCase("src/TxMsg.Server")]
    [TestCase("src/TxMsg.Client")]
    public void EventIds_NameOneEventEach(string project)
    {
        var ids = SourceTree.CSharp(project).SelectMany(file => EventId().Matches(file.Text).Select(match => match.Groups[1].Value)).ToArray();

        ids.Should().NotBeEmpty();
        ids.GroupBy(id => id).Where(group => group.Count() > 1).Select(group => group.Key).Should().BeEmpty();
    }

    [GeneratedRegex(@"\[LoggerMessage\((\d+)")]
    private static partial Regex EventId();
}
