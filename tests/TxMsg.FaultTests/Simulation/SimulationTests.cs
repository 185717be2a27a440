using System.Diagnostics;

namespace TxMsg.FaultTests.Simulation;

/// <summary>Fault 20: random histories of the whole system, in simulation. A failure prints its steps and the command that repeats it.</summary>
public sealed class SimulationTests
{
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable("TXMSG_SIM_SECONDS") ?? "12"));

    [Test]
    public void Coordinator_ThroughAnyHistory_KeepsItsPromises()
    {
        var began = Stopwatch.GetTimestamp();
        var (histories, finding) = Simulator.Search(int.Parse(Environment.GetEnvironmentVariable("TXMSG_SIM_SEED") ?? "1"), 10_000_000, Time, 2);
        TestContext.Progress.WriteLine($"{histories} histories in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        if (finding is not null) Assert.Fail(finding.ToString());
        histories.Should().BeGreaterThan(100);
    }

    [TestCase(Bug.AnswersTooSoon)]
    [TestCase(Bug.LosesClaims)]
    [TestCase(Bug.StealsClaims)]
    [TestCase(Bug.DeliversUndecided)]
    [TestCase(Bug.OverwritesVerdicts)]
    [TestCase(Bug.ForgetsOrder)]
    [TestCase(Bug.LosesAttempts)]
    public void PlantedBug_IsFoundAndMadeSmall(object bug)
    {
        var (histories, finding) = Simulator.Search(1, 5_000, TimeSpan.FromSeconds(30), 2, (Bug)bug);
        TestContext.Progress.WriteLine($"{bug} after {histories} histories:\n{finding}");
        finding.Should().NotBeNull();
        finding!.Kept.Should().HaveCountLessThan(12);
    }
}
