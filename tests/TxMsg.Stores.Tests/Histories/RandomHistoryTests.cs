using CsCheck;
using TxMsg.Server.Storage;

namespace TxMsg.Stores.Tests.Histories;

/// <summary>Whatever happens in whatever order, the store says what the model of the design says. A failure names its seed;
/// the environment variable CsCheck_Seed runs it again.</summary>
public sealed class RandomHistoryTests(StoreProvider provider) : StoreFixture(provider)
{
    private static readonly Gen<(int Kind, int A, int B)[]> Steps =
        Gen.Select(Gen.Int[0, 11], Gen.Int[0, 7], Gen.Int[0, 3]).Array[1, 60];

    // TXMSG_TEST_HISTORIES: how many, for a longer run.
    private int Histories => int.TryParse(Environment.GetEnvironmentVariable("TXMSG_TEST_HISTORIES"), out var count) ? count
        : Store.Provider == StoreProvider.Sqlite ? 150 : 15;

    [Test]
    public Task Store_ThroughAnyHistory_AgreesWithTheModel() =>
        Steps.SampleAsync(steps => new History(Node, Time).RunAsync(steps), iter: Histories, threads: 1);
}
