using Microsoft.Extensions.Time.Testing;
using TxMsg.AcceptanceTests.Harness;
using TxMsg.Client.Coordinator;
using TxMsg.Client.Producing;

namespace TxMsg.Client.Tests.Coordinator;

/// <summary>A caller may have less patience than a try: that a node hangs is remembered all the same.</summary>
public sealed class HangingNodeTests
{
    private readonly FakeTimeProvider time = new();

    [TestCase(1.0, 1)]
    [TestCase(0.9, 2)]
    public async Task Node_ThatHungUntilTheCallerGaveUp_IsTriedLast(double patienceSeconds, int expectedRequests)
    {
        await using var hanging = await Node.StartAsync(Told.Hang, Told.Message("committed"));
        await using var good = await Node.StartAsync(Told.Message("committed"));
        using var client = new CoordinatorClient(Node.OptionsOf(hanging.Address, good.Address), time);
        using var patience = new CancellationTokenSource();

        var call = client.CommitAsync(Guid.CreateVersion7(), cancellationToken: patience.Token);
        await Eventually.HoldsAsync(() => hanging.Requests.Should().ContainSingle());
        time.Advance(TimeSpan.FromSeconds(patienceSeconds));
        await patience.CancelAsync();

        await call.Invoking(c => c).Should().ThrowAsync<OperationCanceledException>();
        await client.CommitAsync(Guid.CreateVersion7());
        hanging.Requests.Should().HaveCount(expectedRequests, "whoever gives up at once says nothing of the node");
    }

    [Test]
    public void Verdict_HasTimeForASecondNode()
    {
        var options = new ProducerOptions();

        (options.TryTimeout * 2).Should().BeLessThan(options.VerdictTimeout);
        options.TryTimeout.Should().Be(new CoordinatorOptions().TryTimeout);
    }
}
