using System.Text.Json;
using TxMsg.AcceptanceTests.Harness;
using TxMsg.Client.Coordinator;

namespace TxMsg.Client.Tests.Coordinator;

public sealed class NodeDiscoveryTests
{
    private const string NodesPath = "/v1/nodes";
    private static readonly Message Order = new("orders", "{}"u8.ToArray()) { ContentType = "application/json" };

    [Test]
    public async Task WithoutIt_NobodyIsAsked()
    {
        await using var node = await Node.StartAsync(Told.Message());
        using var client = node.NewClient();

        await client.PrepareAsync("shop", Order);
        await client.PrepareAsync("shop", Order);

        node.Requests.Select(request => request.Path).Should().NotContain(NodesPath);
    }

    [Test]
    public async Task WhatTheCoordinatorAnnounces_IsCalled_AndAskedForWithTheKey()
    {
        await using var announced = await Node.StartAsync(Told.Message());
        await using var seed = await Node.StartAsync(request => request.Path == NodesPath ? Announcing(announced.Address) : Told.Message());
        using var client = NewClient(seed.Address);

        await Eventually.HoldsAsync(async () =>
        {
            await client.PrepareAsync("shop", Order);
            announced.Requests.Should().NotBeEmpty();
        });

        seed.Requests.Where(request => request.Path == NodesPath).Should().ContainSingle("the list is new")
            .Which.Headers["Authorization"].Should().Be("Bearer txk_abc");
    }

    [Test]
    public async Task ACall_DoesNotWaitForTheList()
    {
        await using var node = await Node.StartAsync(request => request.Path == NodesPath ? Told.Hang : Told.Message());
        using var client = NewClient(node.Address);

        await client.PrepareAsync("shop", Order);
        await Eventually.HoldsAsync(() => node.Requests.Should().Contain(request => request.Path == NodesPath));
        await client.PrepareAsync("shop", Order);

        node.Requests.Where(request => request.Path == NodesPath).Should().ContainSingle("one question at a time");
    }

    [TestCase(403, """{"title":"Forbidden"}""")]
    [TestCase(404, "")]
    [TestCase(200, """{"items":[]}""")]
    [TestCase(200, """{"items":[{"id":"1","state":"alive"},{"state":"silent","addresses":["http://127.0.0.1:9"]}]}""")]
    [TestCase(200, "{}")]
    public async Task AListThatCannotBeUsed_LeavesTheLastOne(int status, string body)
    {
        await using var announced = await Node.StartAsync(request => request.Path == NodesPath ? new Told(status, body) : Told.Message());
        await using var seed = await Node.StartAsync(request => request.Path == NodesPath ? Announcing(announced.Address) : Told.Message());
        using var client = NewClient(seed.Address);
        await Eventually.HoldsAsync(async () =>
        {
            await client.PrepareAsync("shop", Order);
            announced.Requests.Should().Contain(request => request.Path == NodesPath);
        });

        await client.PrepareAsync("shop", Order);

        announced.Requests[^1].Path.Should().Be("/v1/messages");
    }

    [Test]
    public async Task WhenNobodyAnswersAnyMore_TheLastListIsKept_AndTriedAgain()
    {
        var port = FreePort.Find();
        var first = await Node.StartAsync(_ => Told.Message(), port);
        await using var seed = await Node.StartAsync(request => request.Path == NodesPath ? Announcing(first.Address) : Told.Message());
        using var client = NewClient(seed.Address);
        await Eventually.HoldsAsync(async () =>
        {
            await client.PrepareAsync("shop", Order);
            first.Requests.Should().NotBeEmpty();
        });
        await first.DisposeAsync();
        await seed.DisposeAsync();
        await client.Invoking(c => c.PrepareAsync("shop", Order)).Should().ThrowAsync<CoordinatorUnavailableException>();

        await using var again = await Node.StartAsync(_ => Told.Message(), port);
        await client.PrepareAsync("shop", Order);

        again.Requests.Should().Contain(request => request.Path == "/v1/messages");
    }

    [TestCase("http://node:1", "http://other:2", "http://other:2/")]
    [TestCase("http://node:1", "https://other:2", "https://other:2/")]
    [TestCase("https://node:1", "http://other:2", null, Description = "a key that goes over TLS is not sent without it")]
    [TestCase("https://node:1", "http://other:2 https://other:3/txmsg", "https://other:3/txmsg", Description = "the first that may be called")]
    [TestCase("http://node:1", "http://127.0.0.1:2", null, Description = "that would be another machine's own")]
    [TestCase("http://localhost:1", "http://127.0.0.1:2", "http://127.0.0.1:2/")]
    [TestCase("http://node:1", "http://0.0.0.0:2", null)]
    [TestCase("http://node:1", "http://[::]:2", null)]
    [TestCase("http://node:1", "http://+:2", null)]
    [TestCase("http://node:1", "http://*:2", null)]
    [TestCase("http://node:1", "ftp://other:2", null)]
    [TestCase("http://node:1", "http://user@other:2", null)]
    [TestCase("http://node:1", "/v1", null)]
    [TestCase("http://node:1", "", null)]
    public void AnAddress_IsTaken_OnlyWhereAKeyMayBeSent(string configured, string announced, string? taken)
    {
        var options = new CoordinatorOptions { Addresses = [new Uri(configured)], DiscoverNodes = true };
        using var transport = new CoordinatorTransport(options, TimeProvider.System, null);
        using var discovery = new NodeDiscovery(transport, options, TimeProvider.System);

        var usable = discovery.Usable(new NodesAnswer([new NodeAnswer("alive", announced.Split(' '))]));

        usable.Select(address => address.AbsoluteUri).Should().Equal(taken is null ? [] : [taken]);
    }

    [TestCase(0.9)]
    [TestCase(86_401)]
    public void TheInterval_HasBounds(double seconds)
    {
        var options = new CoordinatorOptions { Addresses = [new Uri("http://node")], NodeRefreshInterval = TimeSpan.FromSeconds(seconds) };

        options.Problems().Should().ContainSingle().Which.Should().StartWith("NodeRefreshInterval");
    }

    // Asks again at every call that comes a second after the last question, at the earliest.
    private static CoordinatorClient NewClient(Uri address)
    {
        var options = Node.OptionsOf(address);
        options.ApiKey = "txk_abc";
        options.DiscoverNodes = true;
        options.NodeRefreshInterval = TimeSpan.FromSeconds(1);
        options.FailedNodePause = TimeSpan.FromMilliseconds(100);
        options.TryTimeout = options.OverallTimeout = TimeSpan.FromSeconds(1.5);
        return new CoordinatorClient(options, TimeProvider.System);
    }

    private static Told Announcing(params Uri[] addresses) => new(
        200, JsonSerializer.Serialize(new { items = addresses.Select(address => new { state = "alive", addresses = new[] { address.AbsoluteUri.TrimEnd('/') } }) }));
}
