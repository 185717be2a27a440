using FluentAssertions;
using Microsoft.Extensions.Options;
using NUnit.Framework;
using TxMsg.Contracts.Operations;
using TxMsg.Server.Alerts;

namespace TxMsg.Server.Tests.Alerts;

/// <summary>What holds again while the receiver has not acknowledged that it had cleared: it may have heard of it all the same.</summary>
public sealed class AlertsThatComeBackTests : AlertFixture
{
    [SetUp]
    public async Task ClearInVainAsync()
    {
        await Store.AddMessageAsync(1);
        await RunForAsync(1);
        await Store.ExecuteAsync("UPDATE messages SET state = 3");
        Inbox.Status = 500;
        await RunForAsync(2);
        Told.Should().Equal("parked shop raised", "parked shop cleared");
    }

    [Test]
    public async Task TheReceiver_IsToldThatItWasRaisedAnew()
    {
        await Store.AddMessageAsync(1);
        Inbox.Status = 200;

        await RunForAsync(3);

        Told.Should().Equal("parked shop raised", "parked shop cleared", "parked shop raised");
        Inbox.Requests.Select(request => request["webhook-id"]).Should().OnlyHaveUniqueItems();
    }

    [Test]
    public async Task WhileTheReceiverIsDown_ItIsActiveAllTheSame()
    {
        await Store.AddMessageAsync(1);
        await Store.AddMessageAsync(1);
        Store.Time.Advance(Options.CheckInterval);

        (await RunAsync()).Raised.Should().Be(1);

        var alert = (await ListAsync()).Single();
        (alert.Alert, alert.Subject, alert.Count, alert.NotifiedAt).Should().Be(("parked", "shop", 2L, null));
        alert.RaisedAt.Should().Be(Store.Time.GetUtcNow());
        alert.Detail.Should().StartWith("2 half messages");
        (await CountAsync()).Should().Be(1);
    }

    [Test]
    public async Task WhatClearsAgain_IsToldAsCleared()
    {
        await Store.AddMessageAsync(1);
        await RunForAsync(1);
        await Store.ExecuteAsync("UPDATE messages SET state = 3");
        Inbox.Status = 200;

        await RunForAsync(3);

        Told.Should().Equal("parked shop raised", "parked shop cleared", "parked shop raised", "parked shop cleared");
        (await Store.QueryAsync("SELECT * FROM alerts")).Should().BeEmpty();
    }

    [Test]
    public async Task ManyNodesAtOnce_RaiseItOnce()
    {
        await Store.AddMessageAsync(1);
        Inbox.Status = 200;
        Store.Time.Advance(Options.CheckInterval);
        var nodes = Enumerable.Range(0, 6).Select(_ => NewNode()).ToArray();

        var counts = await Task.WhenAll(nodes.Select(node => Task.Run(() => node.RunAsync(CancellationToken.None))));

        counts.Sum(count => count.Raised).Should().Be(1);
        Told.Skip(2).Should().Equal("parked shop raised");
    }

    [Test]
    public async Task WhileAnotherNodeTellsThatItCleared_ItIsLeftToThatNode()
    {
        var arrived = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        Inbox.Before = _ =>
        {
            arrived.TrySetResult();
            return answer.Task;
        };
        Inbox.Status = 200;
        Store.Time.Advance(Options.CheckInterval);
        var clearing = RunAsync();
        await arrived.Task;
        await Store.AddMessageAsync(1);
        var other = NewNode();

        (await other.RunAsync(CancellationToken.None)).Raised.Should().Be(0);
        answer.SetResult();
        (await clearing).Cleared.Should().Be(1);

        (await other.RunAsync(CancellationToken.None)).Raised.Should().Be(1, "what the other node told of is gone by then");
        Told.Skip(2).Should().Equal("parked shop cleared", "parked shop raised");
    }

    private Task<IReadOnlyList<AlertResource>> ListAsync() => new AlertReader(
        new AlertStore(Store.Database), new ConditionReader(Store.Database, Store.Registry, Microsoft.Extensions.Options.Options.Create(Options), Store.Time))
        .ListAsync(CancellationToken.None);

    // As the gauge has it.
    private async Task<long> CountAsync() => (await Store.Database.ReadAsync(
        connection => connection.QueryAsync<NamedValue>("CountAlerts"), CancellationToken.None)).Sum(row => row.Value);

    private sealed class NamedValue
    {
        public string Name { get; init; } = "";

        public long Value { get; init; }
    }
}
