using System.Text.Json.Nodes;

namespace TxMsg.AcceptanceTests.Nodes;

public sealed class When_a_node_comes_and_goes(StoreKind store) : OwnCoordinatorFixture(store)
{
    protected override Settings Configure(Settings settings) => settings
        .With("TxMsg:Nodes:Name", "north")
        .With("TxMsg:Nodes:HeartbeatInterval", "00:00:01");

    [Test]
    public async Task ItIsAliveFromItsStart()
    {
        var node = await OnlyNodeAsync();

        node.Text("name").Should().Be("north");
        node.Text("state").Should().Be("alive");
        node.Text("version").Should().NotBeNullOrEmpty();
        node["addresses"]!.AsArray().Select(address => address!.GetValue<string>()).Should().Equal(Coordinator.Address.ToString().TrimEnd('/'));
        var heardOf = node.Text("heartbeatAt");
        await Eventually.HoldsAsync(async () => (await OnlyNodeAsync()).Text("heartbeatAt").Should().NotBe(heardOf, "it goes on beating"));
    }

    [Test]
    public async Task KilledAndRestarted_ItIsAnotherOne_AndTheKilledOneIsSilent()
    {
        var killed = await OnlyNodeAsync();
        await Coordinator.KillAndRestartAsync();

        await Eventually.HoldsAsync(async () =>
        {
            var nodes = await NodesAsync();
            nodes.Select(node => node.Text("state")).Should().BeEquivalentTo(["alive", "silent"]);
            nodes.Single(node => node.Text("state") == "silent").Text("id").Should().Be(killed.Text("id"));
        });
    }

    [Test]
    public async Task StoppedAndRestarted_TheStoppedOneSaysSo()
    {
        var stopped = await OnlyNodeAsync();
        (await Coordinator.StopAsync()).Should().Be(0);
        await Coordinator.StartAsync();

        await Eventually.HoldsAsync(async () =>
        {
            var nodes = await NodesAsync();
            nodes.Should().HaveCount(2);
            nodes.Single(node => node.Text("id") == stopped.Text("id")).Text("state").Should().Be("stopped");
        });
    }

    private async Task<IReadOnlyList<JsonObject>> NodesAsync() => (await Api.GetAsync("/v1/nodes")).Expect(200).Items;

    private Task<JsonObject> OnlyNodeAsync() => Eventually.ReadAsync(
        async () => (await NodesAsync()).SingleOrDefault() ?? [], node => node.ContainsKey("id"), "the node to be registered");
}
