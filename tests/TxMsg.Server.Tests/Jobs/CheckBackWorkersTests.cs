using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using TxMsg.Server.Jobs;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Jobs;

public sealed class CheckBackWorkersTests
{
    private const int Kept = JobQueues.CheckBackWorkers / 2;

    private FakeTimeProvider time = null!;
    private TaskCompletionSource<string> answer = null!;
    private CheckBackWorkers workers = null!;

    [SetUp]
    public void Make()
    {
        time = new FakeTimeProvider();
        answer = new TaskCompletionSource<string>();
        workers = new CheckBackWorkers(time, NullLogger<CheckBackWorkers>.Instance);
    }

    [Test]
    public async Task RunAsync_OfWhatEnds_ReturnsWhatItCameTo() =>
        (await workers.RunAsync(_ => Task.FromResult("7"), CancellationToken.None)).Should().Be("7");

    [Test]
    public async Task RunAsync_WhileWorkersAreLeft_KeepsItsOwn()
    {
        var jobs = Enumerable.Range(0, Kept).Select(_ => HangAsync()).ToArray();
        for (var i = 0; i < 5; i++) time.Advance(TimeSpan.FromSeconds(1));

        jobs.Should().OnlyContain(job => !job.IsCompleted);

        answer.SetResult("unknown");
        (await Task.WhenAll(jobs)).Should().OnlyContain(said => said == "unknown");
    }

    [Test]
    public async Task RunAsync_OfMoreThatHang_LetsThemGoAfterASecond()
    {
        var jobs = Enumerable.Range(0, Kept + 1).Select(_ => HangAsync()).ToArray();
        time.Advance(TimeSpan.FromSeconds(0.9));
        jobs.Should().OnlyContain(job => !job.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(0.1));

        (await Task.WhenAny(jobs)).Result.Should().Contain("goes on without this job");
        var stopping = workers.StopAsync(CancellationToken.None);
        stopping.IsCompleted.Should().BeFalse("what goes on is waited for");
        answer.SetResult("unknown");
        await Task.WhenAll(jobs);
        await stopping;
    }

    [Test]
    public async Task RunAsync_OfAJobThatIsCancelled_Cancels()
    {
        using var cancellation = new CancellationTokenSource();
        var job = workers.RunAsync(async ending =>
        {
            await Task.Delay(Timeout.Infinite, ending);
            return "";
        }, cancellation.Token);

        await cancellation.CancelAsync();

        await FluentActions.Awaiting(() => job).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task StopAsync_AfterWhatWasLetGoHasFailed_EndsAllTheSame()
    {
        var jobs = Enumerable.Range(0, Kept + 1).Select(_ => HangAsync()).ToArray();
        time.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAny(jobs);

        answer.SetException(new InvalidOperationException("The test fails it."));

        await Eventually.HoldsAsync(() => jobs.Should().OnlyContain(job => job.IsCompleted));
        await Eventually.HoldsAsync(() => workers.StopAsync(CancellationToken.None).IsCompletedSuccessfully.Should().BeTrue());
    }

    private Task<string> HangAsync() => workers.RunAsync(_ => answer.Task, CancellationToken.None);
}
