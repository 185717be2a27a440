using FluentAssertions;
using Microsoft.Extensions.Options;
using NUnit.Framework;
using TxMsg.Server.DeadLetters;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.DeadLetters;

public sealed class DeadLetterStepTests
{
    private TestStore store = null!;

    [SetUp]
    public async Task OpenAsync() => store = await TestStore.OpenAsync();

    [TearDown]
    public async Task CloseAsync() => await store.DisposeAsync();

    [TestCase(DeadLetterAction.Redeliver, "redeliver")]
    [TestCase(DeadLetterAction.Discard, "discard")]
    public async Task Apply_WhereAnotherNodeWasQuickerWithOne_RecordsWhatItDidItself(DeadLetterAction what, string action)
    {
        for (var i = 0; i < 3; i++) await store.AddDeliveryAsync(3);
        var operation = new DeadLetterOperation(1, what, store.Time.GetUtcNow()) { Actor = "admin", DeliveryIds = [1, 2, 3] };

        using (var session = new BesideAQuickerNode(store.Database.OpenWriteSession())) Apply(session, operation);

        operation.Result.Should().Be(2);
        (await store.QueryAsync("SELECT action, message_seq FROM operator_actions ORDER BY message_seq")).Should().Equal($"{action}|2", $"{action}|3");
        (await store.QueryAsync("SELECT COALESCE(SUM(value), 0) FROM counters WHERE name = 'discarded'")).Should().Equal(what == DeadLetterAction.Discard ? "2" : "0");
    }

    [Test]
    public async Task Apply_WhereAnotherNodeWasQuickerWithAll_RecordsNothing()
    {
        await store.AddDeliveryAsync(3);
        var operation = new DeadLetterOperation(1, DeadLetterAction.Discard, store.Time.GetUtcNow()) { Actor = "admin", DeliveryIds = [1] };

        using (var session = new BesideAQuickerNode(store.Database.OpenWriteSession())) Apply(session, operation);

        operation.Result.Should().Be(0);
        (await store.QueryAsync("SELECT action FROM operator_actions")).Should().BeEmpty();
    }

    private void Apply(BesideAQuickerNode session, DeadLetterOperation operation)
    {
        WriteStep step = new DeadLetterStep(new OrderingLanes(Options.Create(new DeliveryOptions()), store.Time));
        step.Add(operation);
        session.Begin();
        step.Apply(session);
        session.Commit();
    }

    /// <summary>Between the look and the change another node does the same to the first row: as it may on a server.</summary>
    private sealed class BesideAQuickerNode(WriteSession inner) : WriteSession
    {
        public override bool IsUsable => inner.IsUsable;

        public override void Rollback() => inner.Rollback();

        public override int Execute<TRow>(BatchStatement<TRow> statement, IReadOnlyList<TRow> rows)
        {
            Hurry(statement, rows);
            return inner.Execute(statement, rows);
        }

        public override void Query<TRow>(BatchStatement<TRow> statement, IReadOnlyList<TRow> rows, Action<ResultRow> onRow)
        {
            Hurry(statement, rows);
            inner.Query(statement, rows, onRow);
        }

        public override long ReadInt64(string statement) => inner.ReadInt64(statement);

        public override void Dispose() => inner.Dispose();

        protected override void BeginTransaction() => inner.Begin();

        protected override void CommitTransaction() => inner.Commit();

        private void Hurry<TRow>(BatchStatement<TRow> statement, IReadOnlyList<TRow> rows)
        {
            if (statement.Name is "RedeliverDeadLetters" or "DiscardDeadLetters") inner.Query(statement, [rows[0]], _ => { });
        }
    }
}
