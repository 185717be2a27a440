namespace TxMsg.AcceptanceTests.CheckBacks;

public sealed class When_a_producer_never_answers(StoreKind store) : CoordinatorFixture(store)
{
    private static readonly Dictionary<string, Answer> Unreachable = new()
    {
        ["hang"] = Answer.Hang,
        ["error 500"] = new Answer(500) { Body = """{"verdict":"commit"}""" },
        ["not found"] = new Answer(404) { Body = """{"verdict":"rollback"}""" },
        ["redirect"] = new Answer(302) { Body = """{"verdict":"commit"}""" }.With("Location", "/elsewhere"),
        ["no body"] = new Answer(200),
        ["garbage"] = new Answer(200) { Body = "<html>verdict: commit</html>" },
        ["another word"] = Answer.Verdict("perhaps"),
        ["another type"] = new Answer(200) { Body = """{"verdict":true}""" },
        ["a list"] = new Answer(200) { Body = """["commit"]""" },
        ["far too much"] = new Answer(200) { Body = """{"verdict":"commit","more":" """ + new string('x', 2_000_000) + "\"}" },
    };

    private static IEnumerable<string> Ways => Unreachable.Keys;

    [TestCaseSource(nameof(Ways))]
    public async Task NoAnswer_IsNeverAVerdictAndNeverCounts(string way)
    {
        // if it counted, a single one would park the message
        var shop = await RegisterProducerAsync(producer => producer with { MaxUnknownAnswers = 1 });
        shop.CheckBacks.AnswerOtherwise(Unreachable[way]);
        var id = await OverdueAsync(shop);

        await shop.CheckBacks.AskedAsync(id, times: 2);
        (await Api.MessageAsync(id)).State.Should().Be(MessageStates.Prepared);

        shop.CheckBacks.Decide(id, Verdicts.Commit);
        await WaitForStateAsync(id, MessageStates.Committed);
    }

    [Test]
    public async Task ADeadAddress_IsTriedUntilItLives()
    {
        var port = FreePort.Find();
        var shop = await RegisterProducerAsync(producer => producer with { CheckBackUrl = new Uri($"http://127.0.0.1:{port}/late") });
        var id = await OverdueAsync(shop);
        await Eventually.ReadAsync(
            () => Api.TimelineAsync(id), timeline => timeline.Of(Timeline.CheckBack).Count > 0, "a vain check-back");

        await using var revived = await Receiver.StartAsync(port);
        revived.Open("/late").AnswerWith(Answer.Verdict(Verdicts.Commit));

        await WaitForStateAsync(id, MessageStates.Committed);
    }

    [Test]
    public async Task TheTimeline_ShowsWhyThereWasNoAnswer()
    {
        var shop = await RegisterProducerAsync();
        shop.CheckBacks.AnswerOtherwise(new Answer(503));
        var id = await OverdueAsync(shop);

        var timeline = await Eventually.ReadAsync(
            () => Api.TimelineAsync(id), timeline => timeline.Of(Timeline.CheckBack).Count > 0, "a vain check-back");

        var asked = timeline.Of(Timeline.CheckBack)[0];
        asked.Number("status").Should().Be(503);
        asked.Text("answer").Should().Be("unreachable");
        asked.Text("error").Should().NotBeNullOrEmpty();
    }

    [Test]
    public async Task AfterTheTimeToGiveUp_TheMessageIsParked()
    {
        var shop = await RegisterProducerAsync(producer => producer with { GiveUpAfterSeconds = 3 });
        shop.CheckBacks.AnswerOtherwise(new Answer(500));

        var id = await OverdueAsync(shop);

        await WaitForStateAsync(id, MessageStates.Parked);
        shop.CheckBacks.Inbox.Of(id).Should().NotBeEmpty();
    }

    [Test]
    public async Task AfterTheTimeToGiveUp_AllOfItsMessagesAreParked_AlthoughOnlyOneAtATimeIsTried()
    {
        var shop = await RegisterProducerAsync(producer => producer with { GiveUpAfterSeconds = 3 });
        shop.CheckBacks.AnswerOtherwise(new Answer(500));

        var ids = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => OverdueAsync(shop)));

        foreach (var id in ids) await WaitForStateAsync(id, MessageStates.Parked);
    }

    private static Task<string> OverdueAsync(Producer producer) =>
        producer.PrepareAsync(Unique.Name("orders"), message => message with { CheckBackAfterSeconds = 1 });
}
