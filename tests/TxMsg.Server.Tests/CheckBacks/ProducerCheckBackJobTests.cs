using FluentAssertions;
using NUnit.Framework;
using TxMsg.Contracts.Registration;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Producers;
using TxMsg.Server.Registry;
using TxMsg.Server.Tests.Hosted;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Tests.CheckBacks;

public sealed class ProducerCheckBackJobTests
{
    private TestNode node = null!;
    private Inbox inbox = null!;
    private Producer producer = null!;

    [SetUp]
    public async Task StartAsync()
    {
        inbox = await Inbox.OpenAsync();
        inbox.Answer = static _ => """{"verdict":"commit"}""";
        node = await TestNode.StartAsync(("TxMsg:CheckBacks:MaxConcurrencyPerProducer", "8"));
        producer = await node.RegisterAsync(checkBackUrl: inbox.Url);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await node.DisposeAsync();
        await inbox.DisposeAsync();
    }

    [Test]
    public async Task RunAsync_OfABacklog_AsksAboutEachOnceAndManyAtOnce()
    {
        await OverdueAsync(50);
        var most = NoteConcurrency(8);

        (await RunAsync()).Should().Be(50);

        inbox.Requests.Select(request => request.Text("id")).Should().OnlyHaveUniqueItems().And.HaveCount(50);
        most().Should().Be(8);
        (await node.ReadAsync("SELECT COUNT(*) FROM messages WHERE state = 2 AND check_backs = 1 AND decided_by = 1")).Should().Be(50);
    }

    [Test]
    public async Task RunAsync_WhileTheWriteQueueIsFull_LosesNoAnswer()
    {
        await node.DisposeAsync();
        node = await TestNode.StartAsync(("TxMsg:CheckBacks:MaxConcurrencyPerProducer", "8"), ("TxMsg:Limits:WriteQueueLength", "1"));
        producer = await node.RegisterAsync(checkBackUrl: inbox.Url);
        for (var i = 0; i < 50; i++) await OverdueAsync(1);
        NoteConcurrency(8);

        (await RunAsync()).Should().Be(50);

        inbox.Requests.Select(request => request.Text("id")).Should().OnlyHaveUniqueItems().And.HaveCount(50);
        (await node.ReadAsync("SELECT COUNT(*) FROM messages WHERE state = 2 AND check_backs = 1")).Should().Be(50);
    }

    [TestCase(0, 33, 200, TestName = "RunAsync_OfAQuickProducer_ClaimsMoreEachTime")]
    // The first claim finds all room free: the second is twice as large, whatever the producer is like.
    [TestCase(100, 8, 24, TestName = "RunAsync_OfASlowProducer_ClaimsLittleMoreThanItIsAskedAtOnce")]
    public async Task RunAsync_Claims(int answerMs, int atLeast, int atMost)
    {
        await OverdueAsync(200);
        var most = 0L;
        inbox.Before = async _ =>
        {
            node.Time.Advance(TimeSpan.FromMilliseconds(answerMs));
            var claimed = await node.ReadAsync("SELECT COUNT(*) FROM messages WHERE state = 0 AND check_back_token IS NOT NULL") ?? 0;
            lock (inbox) most = Math.Max(most, claimed);
        };

        (await RunAsync()).Should().Be(200);

        most.Should().BeInRange(atLeast, atMost);
    }

    [Test]
    public async Task RunAsync_WhenTheProducerHasFailed_StopsAtTheThresholdAndReleasesTheRest()
    {
        await OverdueAsync(100);
        inbox.Status = 500;

        await RunAsync();

        inbox.Requests.Count.Should().BeInRange(ProducerBreaker.Threshold, ProducerBreaker.Threshold + 8);
        var until = node.Get<ProducerBreaker>().OpenUntil(producer.Id).ToUnixTimeMilliseconds();
        until.Should().BeGreaterThan(node.Now);
        (await node.ReadAsync("SELECT COUNT(*) FROM messages WHERE state = 0 AND check_back_token IS NULL")).Should().Be(100);
        (await node.ReadAsync($"SELECT COUNT(*) FROM messages WHERE check_backs = 0 AND check_back_at = {until}")).Should().BeGreaterThan(0, "what was claimed and not asked about is due when the producer may be asked");
    }

    [Test]
    [CancelAfter(30_000)]
    public async Task RunAsync_WhenHalfOpen_TriesOneAndThenManyAtOnce(CancellationToken cancellationToken)
    {
        for (var i = 0; i < ProducerBreaker.Threshold; i++) node.Get<ProducerBreaker>().Note(producer.Id, CheckBackAnswer.Unreachable);
        node.Time.Advance(TimeSpan.FromMinutes(1));
        await OverdueAsync(40);
        var many = new TaskCompletionSource();
        var under = 0;
        var asked = 0;
        inbox.Before = async _ =>
        {
            var concurrent = Interlocked.Increment(ref under);
            if (Interlocked.Increment(ref asked) == 1) concurrent.Should().Be(1);
            else if (concurrent >= 4) many.TrySetResult();
            // The first is alone; whoever comes then waits for company.
            if (asked > 1) await many.Task.WaitAsync(cancellationToken);
            Interlocked.Decrement(ref under);
        };

        (await RunAsync().WaitAsync(cancellationToken)).Should().Be(40);
    }

    [Test]
    public async Task RunAsync_WhenHalfOpenAndStillFailing_TriesOnlyOne()
    {
        for (var i = 0; i < ProducerBreaker.Threshold; i++) node.Get<ProducerBreaker>().Note(producer.Id, CheckBackAnswer.Unreachable);
        node.Time.Advance(TimeSpan.FromMinutes(1));
        await OverdueAsync(40);
        inbox.Status = 503;

        await RunAsync();

        inbox.Requests.Should().HaveCount(1);
        node.Get<ProducerBreaker>().IsOpen(producer.Id).Should().BeTrue();
    }

    [TestCase(true, null, TestName = "PutAsync_OfAnotherUrl_HasTheProducerAskedAtOnce")]
    [TestCase(false, "whsec_VHhNc2cgdG91cjogbm90IGEgcmVhbCBzZWNyZXQh", TestName = "PutAsync_OfAnotherSecret_HasTheProducerAskedAtOnce")]
    public async Task PutAsync_OfWhatMayHaveBeenWrong_HasTheProducerAskedAtOnce(bool moves, string? secret)
    {
        await OverdueAsync(3);
        for (var i = 0; i < ProducerBreaker.Threshold; i++) node.Get<ProducerBreaker>().Note(producer.Id, CheckBackAnswer.Unreachable);
        (await RunAsync()).Should().Be(0, "it is left alone");
        var url = producer.CheckBackUrl.OriginalString + (moves ? "?moved" : "");

        await node.Get<ProducerAdministration>().PutAsync(producer.Name, new ProducerRequest { CheckBackUrl = url, Secret = secret }, "test");

        (await RunAsync()).Should().Be(3);
    }

    [Test]
    public async Task PutAsync_OfTheProducerAsItIs_LeavesItAlone()
    {
        await OverdueAsync(3);
        for (var i = 0; i < ProducerBreaker.Threshold; i++) node.Get<ProducerBreaker>().Note(producer.Id, CheckBackAnswer.Unreachable);

        await node.Get<ProducerAdministration>().PutAsync(producer.Name, new ProducerRequest { CheckBackUrl = producer.CheckBackUrl.OriginalString }, "test");

        (await RunAsync()).Should().Be(0);
    }

    [Test]
    public async Task RunAsync_WhenOneMessageCannotBeRecorded_GoesOnWithTheOthers()
    {
        await OverdueAsync(20);
        await node.ExecuteAsync(
            """
            CREATE TRIGGER broken BEFORE UPDATE ON messages WHEN NEW.seq = 7 AND NEW.check_backs = 1 AND NEW.state = 0
            BEGIN SELECT RAISE(ABORT, 'the test refuses this row'); END;
            """);

        await RunAsync();

        // The verdict of the seventh is an operation of its own, and needs no count.
        (await node.ReadAsync("SELECT COUNT(*) FROM messages WHERE state = 2")).Should().Be(20);
        (await node.ReadAsync("SELECT COUNT(*) FROM check_backs")).Should().Be(19);
    }

    [Test]
    public async Task RunAsync_WithALostLease_AsksNobody()
    {
        await OverdueAsync(5);

        (await node.Get<ProducerCheckBackJob>().RunAsync(producer.Id, token: 4711, CancellationToken.None)).Should().Be(0);

        inbox.Requests.Should().BeEmpty();
    }

    [Test]
    public async Task RunAsync_AtItsEnd_GivesTheLeaseBack()
    {
        await OverdueAsync(1);
        await RunAsync();

        (await node.ReadAsync("SELECT check_back_job_until FROM producers")).Should().Be(0);
    }

    [Test]
    [CancelAfter(30_000)]
    public async Task RunAsync_WhenItsNodeDiesWhileAsking_IsTakenOverAfterTwoTimeoutsAndAMargin(CancellationToken cancellationToken)
    {
        await OverdueAsync(20);
        var asked = new TaskCompletionSource();
        var silence = new TaskCompletionSource();
        inbox.Before = _ =>
        {
            asked.TrySetResult();
            return silence.Task;
        };
        var dead = RunAsync(CancellationToken.None);
        await asked.Task.WaitAsync(cancellationToken);

        // its timers stand still with the clock, as a dead node's do
        var until = node.Now + 25_000;
        (await node.ReadAsync("SELECT check_back_job_until FROM producers")).Should().Be(until);
        (await node.ReadAsync("SELECT MAX(check_back_at) FROM messages WHERE check_back_token IS NOT NULL")).Should().Be(until);

        silence.SetResult();
        (await dead.WaitAsync(cancellationToken)).Should().Be(20);
    }

    [Test]
    public async Task RunAsync_WhenStopped_ReleasesWhatIsUnderWay()
    {
        await OverdueAsync(3);
        using var stop = new CancellationTokenSource();
        var silence = new TaskCompletionSource();
        inbox.Before = async _ =>
        {
            await stop.CancelAsync();
            await silence.Task;
        };

        await RunAsync(stop.Token);
        silence.SetResult();

        (await node.ReadAsync($"SELECT COUNT(*) FROM messages WHERE state = 0 AND check_back_token IS NULL AND check_back_at <= {node.Now}")).Should().Be(3);
    }

    private async Task OverdueAsync(int count)
    {
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => node.PrepareAsync()));
        node.Time.Advance(TimeSpan.FromSeconds(31));
    }

    private async Task<int> RunAsync(CancellationToken cancellationToken = default)
    {
        await node.ExecuteAsync($"UPDATE producers SET check_back_job_token = 1, check_back_job_until = {node.Now + 60_000}");
        return await node.Get<ProducerCheckBackJob>().RunAsync(producer.Id, 1, cancellationToken);
    }

    // Each waits until so many are there, as long as so many are still to come.
    private Func<int> NoteConcurrency(int wanted)
    {
        var under = 0;
        var most = 0;
        var company = new TaskCompletionSource();
        inbox.Before = async _ =>
        {
            var now = Interlocked.Increment(ref under);
            lock (company) most = Math.Max(most, now);
            if (now == wanted) company.TrySetResult();
            await company.Task;
            Interlocked.Decrement(ref under);
        };
        return () => most;
    }
}
