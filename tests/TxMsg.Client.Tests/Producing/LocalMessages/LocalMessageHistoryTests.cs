using CsCheck;
using Dapper;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Client.Local;
using TxMsg.Client.Producing.LocalMessages;

namespace TxMsg.Client.Tests.Producing.LocalMessages;

/// <summary>Random histories of callers, relays, crashes and a coordinator that fails, against a model that only counts.</summary>
public sealed class LocalMessageHistoryTests(SqlDialect dialect) : LocalMessageFixture(dialect)
{
    private const int MaxFailures = 3;
    private readonly SqlDialect dialect = dialect;

    private static readonly Gen<(int Kind, int A, int B)[]> Steps = Gen.Select(Gen.Int[0, 10], Gen.Int[0, 3], Gen.Int[0, 7]).Array[10, 60];

    [Test]
    public Task History_OfAnyOrder_SendsWhatCommitted_EachKeyInOrder() =>
        Steps.SampleAsync(RunAsync, iter: dialect == SqlDialect.Sqlite ? 150 : 25, threads: 1);

    private async Task RunAsync((int Kind, int A, int B)[] steps)
    {
        await Empty();
        var history = new History(this);
        foreach (var (kind, a, b) in steps) await history.StepAsync(kind, a, b);
        await history.FinishAsync();
    }

    private sealed class History(LocalMessageHistoryTests test)
    {
        private readonly LocalMessageRelay[] relays =
            [.. Enumerable.Range(0, 2).Select(i => test.NewRelay(options => (options.MaxFailures, options.BatchSize) = (MaxFailures, 2 + 3 * i)))];

        private readonly List<Message> committed = [];
        private readonly List<Message> rolledBack = [];
        private readonly HashSet<Guid> discarded = [];
        private bool crashed;

        public async Task StepAsync(int kind, int a, int b)
        {
            switch (kind)
            {
                case 0 or 1 or 2: await EnqueueAsync(a, commit: b != 0); break;
                case 3 or 4 or 5: await relays[b % 2].RunOnceAsync(CancellationToken.None); break;
                case 6: await CrashAsync(relays[b % 2], b % 3); break;
                case 7: test.Coordinator.IsDown = b < 4; break;
                case 8: Refuse(b); break;
                case 9: test.Time.Advance(TimeSpan.FromSeconds(a * 20)); break;
                default: await MendAsync(discard: b == 0); break;
            }

            await CompareAsync();
        }

        /// <summary>All is well again: now everything must arrive.</summary>
        public async Task FinishAsync()
        {
            (test.Coordinator.IsDown, test.Coordinator.After) = (false, null);
            test.Coordinator.Refused.Clear();
            await MendAsync(discard: false);
            test.Time.Advance(TimeSpan.FromMinutes(1));
            foreach (var relay in relays) await DrainAsync(relay);
            await CompareAsync();
            test.Coordinator.TakenIds.Should().BeEquivalentTo(committed.Select(message => message.Id).Where(id => !discarded.Contains(id) || test.Coordinator.TakenIds.Contains(id)));
            foreach (var message in committed.Where(message => !discarded.Contains(message.Id))) (await test.StateOfAsync(message)).Should().Be(Sent);
        }

        private async Task EnqueueAsync(int key, bool commit) =>
            (commit ? committed : rolledBack).Add(await test.EnqueueAsync(NewMessage(key == 0 ? null : $"key{key}"), commit));

        private async Task CrashAsync(LocalMessageRelay relay, int after)
        {
            var left = after;
            test.Coordinator.After = _ =>
            {
                if (left-- == 0) throw new ProcessKilledException();
            };
            try
            {
                await relay.RunOnceAsync(CancellationToken.None);
            }
            catch (ProcessKilledException)
            {
                crashed = true;
            }

            test.Coordinator.After = null;
        }

        private void Refuse(int which)
        {
            if (which == 0) test.Coordinator.Refused.Clear();
            else if (committed.Count > 0 && committed[^Math.Min(which, committed.Count)] is var message && !test.Coordinator.TakenIds.Contains(message.Id)) test.Coordinator.Refused[message.Id] = 400;
        }

        private async Task MendAsync(bool discard)
        {
            await using var connection = await test.Database.OpenAsync();
            foreach (var stuck in await test.Table.ListStuckAsync(connection))
            {
                stuck.Failures.Should().Be(MaxFailures);
                if (discard) discarded.Add(stuck.Id);
                (discard ? await test.Table.DiscardAsync(connection, stuck.Id, "test") : await test.Table.RetryAsync(connection, stuck.Id)).Should().BeTrue();
            }
        }

        private async Task CompareAsync()
        {
            var taken = test.Coordinator.TakenIds.ToList();
            taken.Should().NotIntersectWith(rolledBack.Select(message => message.Id));
            foreach (var key in committed.Where(message => message.OrderingKey is not null).GroupBy(message => message.OrderingKey))
            {
                var expected = key.Select(message => message.Id).Where(id => !discarded.Contains(id)).ToList();
                var sent = taken.Where(expected.Contains).ToList();
                sent.Should().Equal(expected.Take(sent.Count), "a later message is never sent before an earlier one of its key");
            }

            await using var connection = await test.Database.OpenAsync();
            var rows = (await connection.QueryAsync<(byte[] Id, long State)>("SELECT id, CAST(state AS bigint) FROM txmsg_local_messages")).ToDictionary(row => new Guid(row.Id, bigEndian: true), row => (int)row.State);
            rows.Keys.Should().BeEquivalentTo(committed.Select(message => message.Id));
            rows.Where(row => row.Value == Sent).Select(row => row.Key).Should().BeSubsetOf(taken);
            if (!crashed) taken.Should().BeSubsetOf(rows.Where(row => row.Value == Sent).Select(row => row.Key), "without a crash whatever was taken is marked");
        }
    }
}
