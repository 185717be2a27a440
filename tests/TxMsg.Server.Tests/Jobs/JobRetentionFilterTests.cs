using FluentAssertions;
using Hangfire;
using Hangfire.Common;
using Hangfire.InMemory;
using Hangfire.Logging;
using Hangfire.States;
using NUnit.Framework;
using TxMsg.Server.Jobs;

namespace TxMsg.Server.Tests.Jobs;

public sealed class JobRetentionFilterTests
{
    // Another fixture's server, gone by now, may have left its log here.
    [SetUp]
    public void ForgetLog() => LogProvider.SetCurrentLogProvider(null);

    [Test]
    public void OnStateApplied_OfASuccess_KeepsItAnHour() => ExpiryAfter(new SucceededState(null, 1, 1)).Should().BeCloseTo(TimeSpan.FromHours(1), TimeSpan.FromMinutes(5));

    [Test]
    public void OnStateApplied_OfADeletion_KeepsItAnHour() => ExpiryAfter(new DeletedState()).Should().BeCloseTo(TimeSpan.FromHours(1), TimeSpan.FromMinutes(5));

    [Test]
    public void OnStateApplied_OfAFailure_KeepsItAWeek() =>
        ExpiryAfter(new FailedState(new InvalidOperationException("the test's"))).Should().BeCloseTo(TimeSpan.FromDays(7), TimeSpan.FromMinutes(5));

    [Test]
    public void OnStateApplied_OfAFailure_StillShowsItAsFailed()
    {
        using var storage = new InMemoryStorage(new InMemoryStorageOptions { MaxExpirationTime = TimeSpan.FromDays(7) });
        var id = Finish(storage, new FailedState(new InvalidOperationException("the test's")));

        storage.GetMonitoringApi().FailedJobs(0, 10).Single().Key.Should().Be(id);
        storage.GetMonitoringApi().FailedJobs(0, 10).Single().Value.ExceptionMessage.Should().Be("the test's");
    }

    private static TimeSpan ExpiryAfter(IState state)
    {
        using var storage = new InMemoryStorage(new InMemoryStorageOptions { MaxExpirationTime = TimeSpan.FromDays(7) });
        return storage.GetMonitoringApi().JobDetails(Finish(storage, state)).ExpireAt!.Value - DateTime.UtcNow;
    }

    private static string Finish(JobStorage storage, IState state)
    {
        var client = new BackgroundJobClient(storage, new JobFilterCollection { new AutomaticRetryAttribute { Attempts = 0 }, new JobRetentionFilter() });
        var id = client.Create(() => Console.WriteLine(), new EnqueuedState());
        client.ChangeState(id, state).Should().BeTrue();
        return id;
    }
}
