using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Alerts;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Alerts;

public sealed class AlertWebhookTests : AlertFixture
{
    [Test]
    public async Task TheWebhook_IsSignedJson()
    {
        await Store.AddMessageAsync(1);

        await RunAsync();

        var webhook = Inbox.Requests.Single();
        webhook.IsSignedWith(Secret).Should().BeTrue();
        webhook["content-type"].Should().Be("application/json");
        webhook["webhook-id"].Should().MatchRegex("^alert-[0-9a-f]{16}-[0-9]+-raised$");
    }

    [TestCase(500)]
    [TestCase(404)]
    [TestCase(302)]
    public async Task UntilItIsAcknowledged_ItIsSentAgainUnderTheSameId(int status)
    {
        Inbox.Status = status;
        await Store.AddMessageAsync(1);
        await RunForAsync(2);
        (await RunAsync()).Failed.Should().Be(1);

        Inbox.Status = 204;
        await RunForAsync(3);

        Inbox.Requests.Should().HaveCount(4);
        Inbox.Requests.Select(request => request["webhook-id"]).Distinct().Should().ContainSingle();
    }

    [Test]
    public async Task UntilItIsAcknowledged_AClearingIsSentAgainUnderTheSameId()
    {
        await Store.AddMessageAsync(1);
        await RunForAsync(1);
        Inbox.Status = 500;
        await Store.ExecuteAsync("UPDATE messages SET state = 3");
        await RunForAsync(3);
        Inbox.Status = 200;
        await RunForAsync(3);

        Told.Distinct().Should().Equal("parked shop raised", "parked shop cleared");
        Inbox.Requests.Skip(1).Should().HaveCountGreaterThan(1);
        Inbox.Requests.Skip(1).Select(request => request["webhook-id"]).Distinct().Should().ContainSingle();
    }

    [Test]
    public async Task ARaisingThatNobodyHeardOf_IsToldAsCleared()
    {
        Inbox.Status = 500;
        await Store.AddMessageAsync(1);
        await RunForAsync(1);
        await Store.ExecuteAsync("UPDATE messages SET state = 3");
        Inbox.Status = 200;

        await RunForAsync(3);

        Told.Should().Equal("parked shop raised", "parked shop cleared");
    }

    [Test]
    public async Task AReceiverThatIsDown_IsAskedOnceACheck()
    {
        Inbox.Status = 503;
        await Store.AddMessageAsync(1);
        await Store.AddDeliveryAsync(3);

        (await RunAsync()).Failed.Should().Be(1);

        Inbox.Requests.Should().ContainSingle();
    }

    [TestCase(503)]
    [TestCase(429)]
    public async Task AReceiverThatCannotTakeOne_IsToldOfTheOthersAtTheNextChecks(int status)
    {
        Inbox.Before = received =>
        {
            Inbox.Status = received.Text("alert") == "parked" ? status : 200;
            return Task.CompletedTask;
        };
        await Store.AddMessageAsync(1);
        await RunForAsync(1);
        await Store.AddDeliveryAsync(3);
        await Store.AddDeliveryAsync(3, subscription: 2);

        await RunForAsync(2);

        Told.Should().Equal("parked shop raised", "deadLettered billing raised", "deadLettered stock raised", "parked shop raised", "parked shop raised");
    }

    [Test]
    public async Task AReceiverThatCannotTakeTheLast_IsToldOfTheFirstAtTheNextCheck()
    {
        Inbox.Status = 503;
        await Store.AddMessageAsync(1);
        await Store.AddDeliveryAsync(3);

        await RunForAsync(3);

        Told.Should().Equal("deadLettered billing raised", "parked shop raised", "deadLettered billing raised");
    }

    [Test]
    public async Task AReceiverThatRefusesOne_IsToldOfTheOthers()
    {
        Inbox.Status = 400;
        await Store.AddMessageAsync(1);
        await Store.AddDeliveryAsync(3);

        (await RunAsync()).Failed.Should().Be(2);
    }

    [Test]
    public async Task TwoNodesThatCheckAtOnce_SendOne()
    {
        var arrived = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        Inbox.Before = _ =>
        {
            arrived.TrySetResult();
            return answer.Task;
        };
        await Store.AddMessageAsync(1);
        var other = NewNode();

        var first = RunAsync();
        await arrived.Task;
        var second = await other.RunAsync(CancellationToken.None);
        answer.SetResult();

        (await first).Should().Be(new AlertCheckCounts(1, 1, 0, 1, 0));
        second.Should().Be(new AlertCheckCounts(1, 0, 0, 0, 0));
        Told.Should().Equal("parked shop raised");
    }

    [Test]
    public async Task ManyNodesAtOnce_SendOneOfEach()
    {
        await Store.AddMessageAsync(1);
        await Store.AddDeliveryAsync(3);
        await Store.AddDeliveryAsync(3, subscription: 2);
        var nodes = Enumerable.Range(0, 6).Select(_ => NewNode()).ToArray();

        await Task.WhenAll(nodes.Select(node => Task.Run(() => node.RunAsync(CancellationToken.None))));

        Told.Should().BeEquivalentTo("parked shop raised", "deadLettered billing raised", "deadLettered stock raised");
    }

    [Test]
    public async Task ANodeThatDiedWhileItTold_IsReplacedWhenItsClaimEnds()
    {
        await Store.AddMessageAsync(1);
        using var dying = new CancellationTokenSource();
        Inbox.Before = async _ =>
        {
            await dying.CancelAsync();
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        };
        await FluentActions.Awaiting(() => Check.RunAsync(dying.Token)).Should().ThrowAsync<OperationCanceledException>();
        Inbox.Before = _ => Task.CompletedTask;
        (await NewNode().RunAsync(CancellationToken.None)).Notified.Should().Be(0, "it may still be told by the first");

        Store.Time.Advance(Options.Timeout * 2);

        (await NewNode().RunAsync(CancellationToken.None)).Notified.Should().Be(1);
        Inbox.Requests.Select(request => request["webhook-id"]).Distinct().Should().ContainSingle();
    }

    [Test]
    public async Task ASecondCheckInOneProcess_LeavesItToTheFirst()
    {
        var arrived = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        Inbox.Before = _ =>
        {
            arrived.TrySetResult();
            return answer.Task;
        };
        await Store.AddMessageAsync(1);
        var first = RunAsync();
        await arrived.Task;

        (await RunAsync()).Should().Be(AlertCheckCounts.None);

        answer.SetResult();
        await first;
    }
}
