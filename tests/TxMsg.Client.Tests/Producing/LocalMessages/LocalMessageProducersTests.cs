using System.Data.Common;
using Dapper;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Client.Local;
using TxMsg.Client.Producing.LocalMessages;

namespace TxMsg.Client.Tests.Producing.LocalMessages;

/// <summary>Services of different names with one database: each relay sends what its own producer wrote.</summary>
public sealed class LocalMessageProducersTests(SqlDialect dialect) : LocalMessageFixture(dialect)
{
    private const string Billing = "billing";

    private readonly SqlDialect dialect = dialect;

    [Test]
    public async Task Relay_SendsWhatItsOwnProducerWrote()
    {
        var (order, invoice) = (await EnqueueAsync(), await EnqueueAsync(TableOf(Billing), NewMessage()));
        await DrainAsync(NewRelay());
        Coordinator.TakenIds.Should().Equal(order.Id);
        (await StateOfAsync(invoice)).Should().Be(Sending);

        await DrainAsync(RelayOf(Billing));
        Coordinator.TakenIds.Should().Equal(order.Id, invoice.Id);
        Coordinator.LastProducer.Should().Be(Billing);
    }

    [Test]
    public async Task NamesThatDifferInCaseOnly_AreTwoProducers()
    {
        await EnqueueAsync(TableOf("Shop"), NewMessage());
        await DrainAsync(NewRelay());
        Coordinator.Taken.Should().BeEmpty();
    }

    [Test]
    public async Task OrderingKey_HoldsBackTheMessagesOfItsProducerOnly()
    {
        var stuck = await EnqueueAsync(TableOf(Billing), NewMessage("customer-1"));
        Coordinator.Refused[stuck.Id] = 422;
        await RelayOf(Billing, options => options.MaxFailures = 1).RunOnceAsync(CancellationToken.None);
        (await StateOfAsync(stuck)).Should().Be(Failed);
        await EnqueueAsync(TableOf(Billing), NewMessage("customer-1"));

        var order = await EnqueueAsync("customer-1");
        await DrainAsync(NewRelay());
        await DrainAsync(RelayOf(Billing));
        Coordinator.TakenIds.Should().Equal(order.Id);
    }

    [Test]
    public async Task BacklogOfAnother_HidesNothing()
    {
        for (var i = 0; i < 12; i++) await EnqueueAsync(TableOf(Billing), NewMessage());
        var order = await EnqueueAsync();
        (await NewRelay(options => options.BatchSize = 5).RunOnceAsync(CancellationToken.None)).Sent.Should().Be(1);
        Coordinator.TakenIds.Should().Equal(order.Id);
    }

    [Test]
    public async Task Stuck_AreListedByTheirProducer_AndAllWithoutOne()
    {
        var (order, invoice) = (await EnqueueAsync(), await EnqueueAsync(TableOf(Billing), NewMessage()));
        Coordinator.Refused[order.Id] = Coordinator.Refused[invoice.Id] = 422;
        await NewRelay(options => options.MaxFailures = 1).RunOnceAsync(CancellationToken.None);
        await RelayOf(Billing, options => options.MaxFailures = 1).RunOnceAsync(CancellationToken.None);

        (await StuckOfAsync(Table)).Should().Equal(order.Id);
        (await StuckOfAsync(TableOf(Billing))).Should().Equal(invoice.Id);
        (await StuckOfAsync(new LocalMessageTable(Time))).Should().Equal(order.Id, invoice.Id);
    }

    [Test]
    public async Task Stats_CountWhatIsTheProducersOwn()
    {
        await EnqueueAsync(TableOf(Billing), NewMessage());
        Time.Advance(TimeSpan.FromSeconds(1));
        var enqueuedAt = Time.GetUtcNow();
        await EnqueueAsync();
        (await StoreOf(Shop).ReadStatsAsync(CancellationToken.None)).Should().Be(new LocalMessageStats(1, 0, enqueuedAt));
        (await StoreOf("nobody").ReadStatsAsync(CancellationToken.None)).Should().Be(new LocalMessageStats(0, 0, null));
    }

    [Test]
    public async Task Purge_LeavesWhatIsAnothers()
    {
        await EnqueueAsync();
        await EnqueueAsync(TableOf(Billing), NewMessage());
        await DrainAsync(NewRelay());
        await DrainAsync(RelayOf(Billing));
        Time.Advance(TimeSpan.FromHours(1));
        (await StoreOf(Shop).PurgeAsync(TimeSpan.FromMinutes(1), 10, CancellationToken.None)).Should().Be(1);
        (await CountAsync()).Should().Be(1);
    }

    [Test]
    public async Task MessageWithoutAProducer_IsOfTheFirstRelayThatFindsIt()
    {
        var message = await EnqueueAsync(new LocalMessageTable(Time), NewMessage());
        await DrainAsync(RelayOf(Billing));
        Coordinator.TakenIds.Should().Equal(message.Id);
        Coordinator.LastProducer.Should().Be(Billing);
        (await ReadAsync(message, row => (string)row.producer)).Should().Be(Billing);
    }

    [Test]
    public async Task MessagesWithoutAProducer_KeepTheirPlaceInAnOrderingKey()
    {
        var nobodys = new LocalMessageTable(Time);
        Message[] messages =
        [
            await EnqueueAsync(nobodys, NewMessage("a")), await EnqueueAsync("a"), await EnqueueAsync(nobodys, NewMessage("a")), await EnqueueAsync("a"),
        ];
        var relay = NewRelay(options => options.BatchSize = 1);
        for (var i = 0; i < messages.Length; i++) (await relay.RunOnceAsync(CancellationToken.None)).Sent.Should().Be(1);
        Coordinator.TakenIds.Should().Equal(messages.Select(message => message.Id));
    }

    [Test]
    public async Task StuckMessageWithoutAProducer_HoldsBackItsKey_UntilItIsRetried()
    {
        var stuck = await EnqueueAsync(new LocalMessageTable(Time), NewMessage("a"));
        await ExecuteAsync("UPDATE txmsg_local_messages SET state = 2, last_status = 422, last_error = 'no'");
        var next = await EnqueueAsync("a");
        await DrainAsync(NewRelay());
        Coordinator.Taken.Should().BeEmpty();
        (await StuckOfAsync(Table)).Should().Equal(stuck.Id);

        await using (var connection = await Database.OpenAsync()) (await Table.RetryAsync(connection, stuck.Id)).Should().BeTrue();
        await DrainAsync(NewRelay());
        Coordinator.TakenIds.Should().Equal(stuck.Id, next.Id);
    }

    [Test]
    public async Task MessagesWithoutAProducer_ThatHaveToWait_HideNoneBehindThem()
    {
        await InsertAsBeforeAsync(Failed, "a");
        var waiting = Enumerable.Range(0, 1000).Select(_ => Guid.CreateVersion7().ToByteArray(bigEndian: true));
        await ExecuteAsync(EarlierLocalMessageTable.Insert, waiting.Select(id => new { id, state = Sending, orderingKey = "a" }));
        var free = await InsertAsBeforeAsync(Sending, null);
        await DrainAsync(NewRelay());
        Coordinator.TakenIds.Should().Equal(free);
    }

    [Test]
    public async Task TableOfAnEarlierVersion_IsBroughtUpToDate_WithItsMessages()
    {
        await ExecuteAsync("DROP TABLE txmsg_local_messages");
        await ExecuteAsync(EarlierLocalMessageTable.ScriptOf(dialect));
        await InsertAsBeforeAsync(Sent, "a");
        await ExecuteAsync("UPDATE txmsg_local_messages SET finished_at = 0");
        var first = await InsertAsBeforeAsync(Sending, "a");

        // The instances of a service start together.
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            await using var connection = await Database.OpenAsync();
            await new LocalMessageTable(Time).CreateTableAsync(connection);
        })));
        var second = await EnqueueAsync("a");
        // One of the version before runs still.
        var third = await InsertAsBeforeAsync(Sending, "a");
        await DrainAsync(NewRelay());
        Coordinator.TakenIds.Should().Equal(first, second.Id, third);
        (await CountAsync()).Should().Be(3, "what the version before sent long ago was purged with the relay's first pass");
    }

    [Test]
    public async Task TableOfAnEarlierVersion_IsBroughtUpToDate_WhenATransactionHasEnded_AndHoldsUpNobodyUntilThen()
    {
        if (dialect == SqlDialect.Sqlite) Assert.Ignore("SQLite has one transaction that writes");
        await ExecuteAsync("DROP TABLE txmsg_local_messages");
        await ExecuteAsync(EarlierLocalMessageTable.ScriptOf(dialect));
        await using var other = await Database.OpenAsync();
        await using var open = await other.BeginTransactionAsync();
        await other.ExecuteAsync(EarlierLocalMessageTable.Insert, new { id = Guid.CreateVersion7().ToByteArray(bigEndian: true), state = Sending, orderingKey = "a" }, open);

        var pauses = new FirstPause();
        await using var connection = await Database.OpenAsync();
        var making = new LocalMessageTable(Time) { LockTime = pauses }.CreateTableAsync(connection);
        (await Task.WhenAny(making, pauses.Begun)).Should().BeSameAs(pauses.Begun, "it gives the table up for those that are at work");
        await InsertAsBeforeAsync(Sending, "b");
        await open.CommitAsync();
        await making;
        (await connection.ExecuteScalarAsync<int>("SELECT @@LOCK_TIMEOUT")).Should().Be(-1);
        await DrainAsync(NewRelay());
        Coordinator.TakenIds.Should().HaveCount(2);
    }

    private LocalMessageRelay RelayOf(string producer, Action<LocalMessageOptions>? configure = null) => NewRelay(options =>
    {
        options.Producer = producer;
        configure?.Invoke(options);
    });

    private LocalMessageStore StoreOf(string producer) => new(Database.Connect, producer, Time);

    private async Task<IEnumerable<Guid>> StuckOfAsync(LocalMessageTable table)
    {
        await using var connection = await Database.OpenAsync();
        return (await table.ListStuckAsync(connection)).Select(stuck => stuck.Id);
    }

    private async Task<Guid> InsertAsBeforeAsync(int state, string? orderingKey)
    {
        var id = Guid.CreateVersion7();
        await ExecuteAsync(EarlierLocalMessageTable.Insert, new { id = id.ToByteArray(bigEndian: true), state, orderingKey });
        return id;
    }

    private async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using DbConnection connection = await Database.OpenAsync();
        await connection.ExecuteAsync(sql, parameters);
    }

    private sealed class FirstPause : TimeProvider
    {
        private readonly TaskCompletionSource begun = new();

        public Task Begun => begun.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            begun.TrySetResult();
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
