using TxMsg.Client.Coordinator;
using TxMsg.Contracts.Messages;

namespace TxMsg.Client.Testing.Tests.Contract;

/// <summary>The first verdict wins; batches are judged item by item.</summary>
public sealed class VerdictContractTests(CoordinatorKind kind) : ContractFixture(kind)
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task Verdict_IsStoredOnce_AndRepeatingItChangesNothing(bool commit)
    {
        var id = await PrepareAsync();

        var first = await DecideAsync(id, commit);
        var second = await DecideAsync(id, commit, "again");

        first.Should().BeEquivalentTo(new { State = commit ? "committed" : "rolledBack", DecidedBy = "producer", NextCheckBackAt = (DateTimeOffset?)null });
        second.Should().BeEquivalentTo(new { first.State, first.DecidedBy, first.DecidedAt, Reason = (string?)null });
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Verdict_AgainstTheRecordedOne_IsRefusedWithThat(bool commit)
    {
        var id = await PrepareAsync();
        await DecideAsync(id, commit);

        var refusal = await RefusalOfAsync(() => DecideAsync(id, !commit));

        var recorded = commit ? "commit" : "rollback";
        refusal.Should().BeOfType<VerdictConflictException>().Which.Should().BeEquivalentTo(new
        {
            Status = 409, Id = id, Recorded = recorded, Message = $"The verdict of message {id} is {recorded}; a recorded verdict never changes.",
        });
    }

    [Test]
    public async Task Verdict_WithAReason_IsAnOperators()
    {
        var id = await PrepareAsync();

        var decided = await DecideAsync(id, commit: false, "asked by phone");

        decided.Should().BeEquivalentTo(new { DecidedBy = "operator", Reason = "asked by phone" });
    }

    [Test]
    public async Task Verdict_OnAnUnknownMessage_Is404_ButAReasonThatIsTooLongIsSaidFirst()
    {
        var id = Guid.CreateVersion7();

        (await RefusalOfAsync(() => DecideAsync(id, commit: true))).Should().BeEquivalentTo(new { Status = 404, Message = $"There is no message {id}." });
        (await RefusalOfAsync(() => DecideAsync(id, commit: true, new string('x', 1001)))).Errors.Keys.Should().Equal("reason");
    }

    [Test]
    public async Task Prepares_OfABatch_AreJudgedAlone()
    {
        var known = NewMessage();
        await Coordinator.SendAsync(Producer, known);
        var created = NewMessage();
        var wrong = new Message(Topic, default) { Key = "" };

        var results = await Coordinator.PrepareAsync(Producer, [created, known, new Message(Topic, "other"u8.ToArray()) { Id = known.Id }, wrong, created]);

        results.Should().BeEquivalentTo(
        [
            new MessageResult(created.Id, 201, "prepared", null),
            new MessageResult(known.Id, 200, "committed", null),
            new MessageResult(known.Id, 409, null, $"Message {known.Id} exists with other content. Repeat it unchanged, or use a new id."),
            RefusalOf(wrong.Id, "key", "1 to 256 characters."),
            new MessageResult(created.Id, 200, "prepared", null),
        ], options => options.WithStrictOrdering());
    }

    [Test]
    public async Task Sends_OfABatch_AreCommitted()
    {
        var messages = new[] { NewMessage(), NewMessage("b") };

        var results = await Coordinator.SendAsync(Producer, messages);

        results.Should().Equal(messages.Select(message => new MessageResult(message.Id, 201, "committed", null)));
        (await Coordinator.SendAsync(Producer, [])).Should().BeEmpty();
    }

    [Test]
    public async Task Verdicts_OfABatch_AreJudgedAlone()
    {
        Guid first = await PrepareAsync(), second = await PrepareAsync(), unknown = Guid.CreateVersion7();

        var results = await Coordinator.DecideAsync(
        [
            new() { Id = first, Verdict = "commit" }, new() { Id = second, Verdict = "rollback" }, new() { Id = first, Verdict = "rollback" },
            new() { Id = unknown, Verdict = "commit" }, new() { Id = second, Verdict = "rollback" }, new() { Id = unknown, Verdict = "unknown" },
        ]);

        results.Should().BeEquivalentTo(
        [
            new MessageResult(first, 200, "committed", null),
            new MessageResult(second, 200, "rolledBack", null),
            new MessageResult(first, 409, "committed", $"The verdict of message {first} is commit; a recorded verdict never changes."),
            new MessageResult(unknown, 404, null, $"There is no message {unknown}."),
            new MessageResult(second, 200, "rolledBack", null),
            RefusalOf(unknown, "verdict", "One of commit, rollback."),
        ], options => options.WithStrictOrdering());
    }

    private static MessageResult RefusalOf(Guid id, string field, string problem) =>
        new(id, 400, null, $"{field}: {problem}") { Errors = new Dictionary<string, string[]> { [field] = [problem] } };

    private async Task<Guid> PrepareAsync() => (await Coordinator.PrepareAsync(Producer, NewMessage())).Id;

    private Task<MessageResource> DecideAsync(Guid id, bool commit, string? reason = null) =>
        commit ? Coordinator.CommitAsync(id, reason) : Coordinator.RollbackAsync(id, reason);
}
