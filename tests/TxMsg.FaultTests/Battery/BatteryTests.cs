namespace TxMsg.FaultTests.Battery;

/// <summary>The short run. A failing seed is repeated by <c>dotnet run --project tests/TxMsg.FaultTests -- --faults NAME --seed N</c>.</summary>
[NonParallelizable]
public sealed class BatteryTests
{
    // The same every time, so that a build that fails is repeated by building again; the command looks further with every run.
    private const int Seed = 5;

    private static IEnumerable<TestCaseData> Faults => FaultList.All.Select(fault => new TestCaseData(fault).SetName($"{fault.Number:00} {fault.Name}"));

    [TestCaseSource(nameof(Faults))]
    public async Task NothingIsLost_AndNothingInvented(object fault)
    {
        var run = new FaultRun(Seed, isLong: false, RunSizes.Default, TestContext.Out, TestContext.CurrentContext.CancellationToken) { JudgesTimes = false };

        var row = await BatteryRunner.RunAsync((Fault)fault, run);

        TestContext.Out.WriteLine(FaultTable.Render([row]));
        if (row.Skipped is { } reason) Assert.Ignore(reason);
        row.Violations.Should().BeEmpty();
        row.Lost.Should().Be(0);
        row.Unexpected.Should().Be(0);
    }

    [Test]
    public void NamesAndNumbers_AreDistinct()
    {
        FaultList.All.Select(fault => fault.Name).Should().OnlyHaveUniqueItems().And.AllSatisfy(name => name.Should().MatchRegex("^[a-z0-9]+(-[a-z0-9]+)*$"));
    }
}
