namespace TxMsg.AcceptanceTests.Transactions;

public sealed class When_verdicts_come_in_a_batch(StoreKind store) : CoordinatorFixture(store)
{
    [Test]
    public async Task EachVerdict_IsJudgedAloneAndAnsweredInOrder()
    {
        var shop = await RegisterProducerAsync();
        var topic = Unique.Name("orders");
        var toCommit = await shop.PrepareAsync(topic);
        var toRollBack = await shop.PrepareAsync(topic);
        var committed = await shop.SendAsync(topic);
        var nobodys = Unique.Id();

        var reply = await DecideAsync(
            (toCommit, "commit"), (nobodys, "commit"), (toRollBack, "rollback"), (committed, "rollback"), (committed, "commit"),
            (toCommit, "unknown"), ("not-a-uuid", "commit"), (toCommit, null!));

        var results = reply.Expect(200).List("results");
        results.Select(result => result.Text("id")).Should().Equal(toCommit, nobodys, toRollBack, committed, committed, toCommit, null, toCommit);
        results.Select(result => result.Number("status")).Should().Equal(200, 404, 200, 409, 200, 400, 400, 400);
        results[0].Text("state").Should().Be(MessageStates.Committed);
        results[2].Text("state").Should().Be(MessageStates.RolledBack);
        results[3].Text("state").Should().Be(MessageStates.Committed, "a refused verdict is told the recorded state");
    }

    [Test]
    public async Task BothVerdictsOnOneMessageInOneBatch_TheFirstWins()
    {
        var shop = await RegisterProducerAsync();
        var id = await shop.PrepareAsync(Unique.Name("orders"));

        var results = (await DecideAsync((id, "rollback"), (id, "commit"))).Expect(200).List("results");

        results.Select(result => result.Number("status")).Should().Equal(200, 409);
        (await Api.MessageAsync(id)).State.Should().Be(MessageStates.RolledBack);
    }

    [Test]
    public async Task MoreThan1000Verdicts_AreRefusedAsAWhole()
    {
        var reply = await DecideAsync([.. Enumerable.Range(0, 1001).Select(_ => (Unique.Id(), "commit"))]);

        reply.ShouldBeInvalid("verdicts");
    }

    private Task<Reply> DecideAsync(params (string Id, string Verdict)[] verdicts) => Api.PostAsync(
        "/v1/verdicts", new { verdicts = verdicts.Select(pair => new { id = pair.Id, verdict = pair.Verdict }) });
}
