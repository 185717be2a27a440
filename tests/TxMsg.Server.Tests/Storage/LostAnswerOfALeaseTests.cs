using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NUnit.Framework;
using TxMsg.Contracts.Operations;
using TxMsg.Server.Alerts;
using TxMsg.Server.BulkActions;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Retention;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Storage;

/// <summary>A connection that breaks at the commit of a lease: run again, the write finds its own, and whoever took it has it.</summary>
public sealed class LostAnswerOfALeaseTests
{
    private TestStore store = null!;
    private TroubledDatabase database = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        store = await TestStore.OpenAsync();
        database = new TroubledDatabase(store.Database);
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await database.DisposeAsync();
        await store.DisposeAsync();
    }

    [Test]
    public async Task OfAProducersJob_StartsIt()
    {
        var leases = new CheckBackJobLeases(database, Options.Create(new CheckBackOptions()), store.Time, NullLogger<CheckBackJobLeases>.Instance);
        var started = new List<long>();
        database.LosesAnswer = true;

        (await leases.StartJobAsync(1, started.Add, CancellationToken.None)).Should().BeTrue();

        (await leases.RenewAsync(1, started.Should().ContainSingle().Subject)).Should().BeTrue();
        (await leases.StartJobAsync(1, started.Add, CancellationToken.None)).Should().BeFalse("another token is another job");
    }

    [Test]
    public async Task OfAQuestionByHand_KeepsOneReason_AndTheFirstNumber()
    {
        await store.AddMessageAsync(0);
        await store.ExecuteAsync("INSERT INTO message_contents (message_seq, content_type, payload) VALUES (1, 'text/plain', x'00')");
        var id = new Guid(Convert.FromHexString((await store.QueryAsync("SELECT hex(id) FROM messages")).Single()), bigEndian: true);
        database.LosesAnswer = true;

        var claimed = await new ManualCheckBack(database, null!, Options.Create(new CheckBackOptions()), store.Time).ClaimAsync(id, "admin", "why");

        claimed!.Attempt.Should().Be(1);
        (await store.QueryAsync("SELECT action FROM operator_actions")).Should().Equal("checkBack");
    }

    [Test]
    public async Task OfABulkAction_TakesIt()
    {
        var leases = await AddBulkActionAsync();
        database.LosesAnswer = true;

        (await leases.AcquireAsync(1, token: 7, store.Now, store.Now + 1000)).Should().BeTrue();

        (await leases.AcquireAsync(1, token: 8, store.Now, store.Now + 1000)).Should().BeFalse();
    }

    [Test]
    public async Task OfABatchOfABulkAction_CountsItOnce()
    {
        var leases = await AddBulkActionAsync();
        await leases.AcquireAsync(1, token: 7, store.Now, store.Now + 1000);
        var row = (await leases.BeginAsync(1, token: 7, store.Now, store.Now + 1000))!;
        database.LosesAnswer = true;

        (await leases.RecordAsync(row, 5, new BulkOutcome(Examined: 4, Done: 2, Failed: 1), store.Now + 2000)).Should().BeTrue();
        (await leases.RecordAsync(row, 5, default, store.Now + 3000)).Should().BeTrue("it is renewed between two batches");
        (await leases.RecordAsync(row, 9, new BulkOutcome(Examined: 3, Done: 3), store.Now + 4000)).Should().BeTrue();

        (await store.QueryAsync("SELECT position, examined, done, failed, lease_until - @now FROM bulk_actions", ("@now", store.Now))).Should().Equal("9|7|5|1|4000");
    }

    [Test]
    public async Task OfTheTurnToPurge_Purges()
    {
        var options = Options.Create(new RetentionOptions());
        var turn = new PurgeTurn(database, new Purger(store.Database, options, store.Time), options, store.Time, NullLogger<PurgeTurn>.Instance);
        database.LosesAnswer = true;

        (await turn.RunAsync(CancellationToken.None)).Should().NotBeNull();

        (await store.QueryAsync("SELECT lease_until FROM sweep_leases WHERE name = 'purge'")).Should().Equal("0");
    }

    [Test]
    public async Task OfAnAlert_TakesItOnToTell_AndNoOtherNodeDoes()
    {
        await store.ExecuteAsync("INSERT INTO alerts (condition, kind, detail, raised_at) VALUES ('c', 'parked', 'd', 1)");
        var alerts = new AlertStore(database);
        var row = (await alerts.ListAsync(CancellationToken.None)).Single();
        database.LosesAnswer = true;

        (await ClaimAsync(alerts, row)).Should().BeTrue();

        (await ClaimAsync(alerts, row)).Should().BeFalse("a claim of the same millisecond is another one's");
    }

    private Task<bool> ClaimAsync(AlertStore alerts, AlertRow row) => alerts.ClaimAsync(row, store.Now, store.Now + 1000, store.Now, CancellationToken.None);

    private async Task<BulkActionLeases> AddBulkActionAsync()
    {
        var plan = new BulkActionPlan(BulkActionKind.Redeliver, new BulkActionFilter(), null, null, 100, null);
        await new BulkActionStore(store.Database).AddAsync(Guid.NewGuid(), plan, "admin", "they were down", 1, (5, true), store.Now);
        return new BulkActionLeases(database);
    }
}
