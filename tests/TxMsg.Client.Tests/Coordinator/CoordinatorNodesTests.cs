using Microsoft.Extensions.Time.Testing;
using TxMsg.Client.Coordinator;

namespace TxMsg.Client.Tests.Coordinator;

public sealed class CoordinatorNodesTests
{
    private static readonly Uri A = new("http://a:5080/");
    private static readonly Uri B = new("http://b:5080/");
    private static readonly Uri C = new("http://c:5080/");

    private readonly FakeTimeProvider time = new();

    [Test]
    public void WhatIsConfigured_IsTriedInItsOrder_FromTheOneThatAnswered()
    {
        var nodes = NewNodes(A, B, C);
        Order(nodes).Should().Equal(A, B, C);

        nodes.Answered(nodes.All[1]);

        Order(nodes).Should().Equal(B, C, A);
    }

    [Test]
    public void WhatIsAnnounced_ComesFirst_AndWhatIsConfiguredStaysForTheWorst()
    {
        var nodes = NewNodes(A);

        nodes.Replace([B, C]);

        Order(nodes).Should().HaveCount(3).And.EndWith(A);
        nodes.Answered(nodes.All[2]);
        Order(nodes).Should().EndWith(A, "the announced ones are back before long");
        foreach (var node in nodes.All.Take(2)) nodes.Failed(node);
        Order(nodes)[0].Should().Be(A);
    }

    [Test]
    public void ANodeThatFailed_StaysBehindTheOthers_ThoughItIsAnnouncedAnew()
    {
        var nodes = NewNodes(A, B);
        nodes.Failed(nodes.All[0]);

        nodes.Replace([new Uri("http://A:5080"), B]);

        Order(nodes).Should().Equal(B, A);
        time.Advance(TimeSpan.FromSeconds(10));
        nodes.Failed(nodes.All.Single(node => node.Address == B));
        Order(nodes).Should().Equal(A, B);
    }

    [Test]
    public void ANodeThatIsGone_IsNotCalledAnyMore()
    {
        var nodes = NewNodes(A);
        nodes.Replace([B, C]);

        nodes.Replace([C]);

        Order(nodes).Should().Equal(C, A);
    }

    [Test]
    public void Clients_BeginWithDifferentNodes() => Shares(_ => { }).Should().AllSatisfy(share => share.Value.Should().BeInRange(250, 420));

    [Test]
    public void AClient_StaysWithItsNode_WhileTheListStays() => Shares(nodes =>
    {
        nodes.Answered(nodes.All.Single(node => node.Address == A));
        nodes.Replace([C, A, B]);
    }).Should().Equal(new Dictionary<Uri, int> { [A] = 1000 });

    [Test]
    public void AShareOfTheClients_MovesToANewNode()
    {
        var shares = Shares(nodes =>
        {
            nodes.Replace([A, B]);
            nodes.Answered(nodes.All.Single(node => node.Address == A));
            nodes.Replace([A, B, C]);
        });

        shares.Should().NotContainKey(B);
        shares[C].Should().BeInRange(250, 420, "a third of them");
    }

    private CoordinatorNodes NewNodes(params Uri[] configured) => new(configured, time, TimeSpan.FromSeconds(10), new Random(1));

    private static Uri[] Order(CoordinatorNodes nodes) => nodes.InOrder().Select(node => node.Address).ToArray();

    // With which of three nodes a thousand clients begin.
    private Dictionary<Uri, int> Shares(Action<CoordinatorNodes> then)
    {
        var random = new Random(7);
        return Enumerable.Range(0, 1000).Select(_ =>
        {
            var nodes = new CoordinatorNodes([A, B, C], time, TimeSpan.FromSeconds(10), random);
            nodes.Replace([A, B, C]);
            then(nodes);
            return Order(nodes)[0];
        }).GroupBy(address => address).ToDictionary(group => group.Key, group => group.Count());
    }
}
