namespace TxMsg.FaultTests.Simulation;

/// <summary>The simulation itself: that it finds what is wrong, makes it small, and does the same again.</summary>
public sealed class SimulationTests
{
    [TestCase(Bug.AnswersTooSoon)]
    [TestCase(Bug.LosesClaims)]
    [TestCase(Bug.StealsClaims)]
    [TestCase(Bug.DeliversUndecided)]
    [TestCase(Bug.OverwritesVerdicts)]
    [TestCase(Bug.ForgetsOrder)]
    [TestCase(Bug.LosesAttempts)]
    public void PlantedBug_IsFoundAndMadeSmall(object bug)
    {
        var (tally, finding) = Simulator.Search(1, 5_000, TimeSpan.FromMinutes(1), 2, bug: (Bug)bug);
        TestContext.Out.WriteLine($"{bug} after {tally.Histories} histories:\n{finding}");
        finding.Should().NotBeNull();
        finding!.Kept.Count.Should().BeLessThanOrEqualTo(20).And.BeLessThan(finding.Original.Steps.Count);
    }

    [Test]
    public void Seed_RunTwice_IsTheSameHistory()
    {
        var runs = new string[2][];
        var thread = new Thread(() =>
        {
            using var file = new SimFile();
            for (var run = 0; run < runs.Length; run++) runs[run] = Enumerable.Range(1, 20).Select(seed => Trace(History.Of(seed), file)).ToArray();
        });
        thread.Start();
        thread.Join();

        runs[1].Should().Equal(runs[0]);
        runs[0].Distinct().Should().HaveCount(20);
    }

    // All that was on the wire, in its order.
    private static string Trace(History history, SimFile file)
    {
        using var world = new World(history, Bug.None, file);
        world.Run();
        return string.Join('\n', world.Recorder.Attempts.Concat(world.Recorder.CheckBacks).Select(attempt => $"{attempt.Moment} {attempt} {attempt.AnsweredAt}").Append($"{world.Clock.Elapsed}"));
    }
}
