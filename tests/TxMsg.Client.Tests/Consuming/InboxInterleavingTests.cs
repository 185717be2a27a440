using System.Collections.Concurrent;
using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using TxMsg.Client.Consuming;

namespace TxMsg.Client.Tests.Consuming;

/// <summary>Every order in which deliveries of one message can arrive, work, and commit, fail or crash: its work is done once.</summary>
[TestFixtureSource(nameof(Fixtures))]
public sealed class InboxInterleavingTests(DatabaseKind kind, bool inOneProcess)
{
    private const int Workers = 4;
    private static readonly Ending[] AllEndings = Enum.GetValues<Ending>();
    private static readonly Ending[] FewEndings = [Ending.Commit, Ending.Throw, Ending.Crash];

    public static IEnumerable<object[]> Fixtures => ConsumerDatabase.Kinds.SelectMany(kind => new[] { new object[] { kind, false }, [kind, true] });

    [Test]
    public Task TwoDeliveries_InEveryOrder_DoTheWorkOnce() => ExploreAsync(deliveries: 2, AllEndings, atLeast: 78);

    [Test]
    public Task ThreeDeliveries_InEveryOrder_DoTheWorkOnce() => ExploreAsync(deliveries: 3, FewEndings, atLeast: 150);

    private async Task ExploreAsync(int deliveries, Ending[] endings, int atLeast)
    {
        var schedules = new ConcurrentBag<int[]>(Schedules(deliveries, endings));
        var explored = schedules.Count;
        var failures = new ConcurrentBag<string>();
        var isSqlite = kind <= DatabaseKind.SqliteRollbackJournal;
        await using var shared = isSqlite ? null : await ConsumerDatabase.CreateAsync(kind);
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(async () =>
        {
            // SQLite has one writer: histories that are to run side by side have files of their own.
            await using var own = isSqlite ? await ConsumerDatabase.CreateAsync(kind) : null;
            while (schedules.TryTake(out var schedule))
            {
                var history = new InboxHistory(own ?? shared!, ConsumersOf(own ?? shared!, deliveries), endings);
                if (await history.RunAsync(schedule) is { } wrong) failures.Add(wrong);
            }
        })));
        await TestContext.Out.WriteLineAsync($"{explored} histories");
        failures.Should().BeEmpty();
        explored.Should().BeGreaterThanOrEqualTo(atLeast);
    }

    /// <summary>All histories, by what is chosen at each of their steps.</summary>
    private static IEnumerable<int[]> Schedules(int deliveries, Ending[] endings) => new HistoryModel(deliveries, endings).Paths();

    // One consumer is one process: several meet in the database only.
    private Consumer[] ConsumersOf(ConsumerDatabase database, int count)
    {
        var options = new ConsumerOptions
        {
            Secrets = { SignedDelivery.Secret.Reveal() },
            Connect = database.Connect,
            LockWait = TimeSpan.FromMinutes(1),
            IsolationLevel = kind == DatabaseKind.SqlServerSnapshot ? System.Data.IsolationLevel.Snapshot : System.Data.IsolationLevel.Unspecified,
        };
        Consumer Make() => new(options, TimeProvider.System, NullLogger<Consumer>.Instance);
        var first = Make();
        return [.. Enumerable.Range(0, count).Select(i => inOneProcess || i == 0 ? first : Make())];
    }
}
