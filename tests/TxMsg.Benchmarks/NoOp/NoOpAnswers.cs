using System.Text;
using TxMsg.Benchmarks.Driving;

namespace TxMsg.Benchmarks.NoOp;

/// <summary>Constant answers of the size of the real ones.</summary>
internal static class NoOpAnswers
{
    public const string SomeId = "01981d4c-7e2a-7c3f-9a51-3b6d00000000";
    public const string Location = "/v1/messages/" + SomeId;

    public static readonly byte[] Prepared = Message("prepared", "null", "null", "\"2026-01-01T00:00:30.000Z\"", "");

    public static readonly byte[] Committed = Message(
        "committed", "\"2026-01-01T00:00:00.000Z\"", "\"producer\"", "null",
        $$"""{"subscription":"{{Names.Subscription}}","state":"pending","attempts":0,"nextAttemptAt":"2026-01-01T00:00:00.000Z","lastStatus":null,"lastError":null,"deliveredAt":null}""");

    private static byte[] Message(string state, string decidedAt, string decidedBy, string nextCheckBackAt, string deliveries) =>
        Encoding.UTF8.GetBytes(
            $$"""{"id":"{{SomeId}}","producer":"{{Names.Producer}}","topic":"{{Names.Topic}}","state":"{{state}}","key":null,"tag":null,"orderingKey":null""" +
            $$""","preparedAt":"2026-01-01T00:00:00.000Z","decidedAt":{{decidedAt}},"decidedBy":{{decidedBy}}""" +
            $$""","nextCheckBackAt":{{nextCheckBackAt}},"checkBacks":0,"deliveries":[{{deliveries}}]}""");
}
