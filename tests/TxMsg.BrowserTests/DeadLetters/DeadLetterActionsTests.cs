using System.Text.RegularExpressions;

namespace TxMsg.BrowserTests.DeadLetters;

public sealed partial class DeadLetterActionsTests(StoreKind store) : DashboardFixture(store)
{
    [Test]
    public async Task One_IsRedelivered()
    {
        var dead = await DieAsync(2);
        dead.Consumer.Inbox.AnswerWith(Answer.Ok);
        var visit = await OpenAsync(ListOf(dead));

        await ActOnRowAsync(visit, dead.Ids[0], "Redeliver", "the consumer is well again");

        await Assertions.Expect(visit.Find("tbody tr")).ToHaveCountAsync(1);
        await WaitForDeliveryAsync(dead.Ids[0], dead.Consumer, DeliveryStates.Delivered);
        (await StateAsync(dead, 1)).Should().Be(DeliveryStates.DeadLettered);
        (await Api.TimelineAsync(dead.Ids[0])).Of(Timeline.OperatorAction).Single().Text("reason").Should().Be("the consumer is well again");
    }

    [Test]
    public async Task One_IsDiscarded_AfterAWarning()
    {
        var dead = await DieAsync(2);
        var visit = await OpenAsync(ListOf(dead));
        await Row(visit, dead.Ids[1]).GetByRole(AriaRole.Button, new() { Name = "Discard", Exact = true }).ClickAsync();
        await Assertions.Expect(visit.Dialog).ToContainTextAsync("This cannot be taken back.");
        await visit.CheckAccessibilityAsync();

        await ConfirmAsync(visit, "a duplicate");

        await Assertions.Expect(visit.Find("tbody tr")).ToHaveCountAsync(1);
        (await StateAsync(dead, 1)).Should().Be(DeliveryStates.Discarded);
        (await StateAsync(dead, 0)).Should().Be(DeliveryStates.DeadLettered);
    }

    [Test]
    public async Task One_ThatIsNotThereAnyMore_IsSaid()
    {
        var dead = await DieAsync(1);
        var visit = await OpenAsync(ListOf(dead));
        (await Api.PostAsync("/v1/dead-letters/discard", new { subscription = dead.Consumer.Subscription })).Expect(200);

        await ActOnRowAsync(visit, dead.Ids[0], "Redeliver", "too late");

        await Assertions.Expect(visit.Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Nothing was changed");
        await visit.Button("Close").ClickAsync();
        await Assertions.Expect(visit.Find("main")).ToContainTextAsync("There is nothing here.");
    }

    [Test]
    public async Task Selection_IsRedelivered_AtTheRateThatWasGiven()
    {
        var dead = await DieAsync(3);
        dead.Consumer.Inbox.AnswerWith(Answer.Ok);
        var visit = await OpenAsync(ListOf(dead));
        await Row(visit, dead.Ids[0]).Locator("input").CheckAsync();
        await Row(visit, dead.Ids[2]).Locator("input").CheckAsync();
        await visit.Button("Redeliver selected").ClickAsync();
        await Assertions.Expect(visit.Dialog).ToContainTextAsync("Redeliver 2 dead letters");
        await visit.CheckAccessibilityAsync();
        await visit.Page.GetByLabel("At most a second").FillAsync("7");

        await ConfirmAsync(visit, "repaired");

        var action = await BulkActionOfAsync(visit);
        action.Json.Number("perSecond").Should().Be(7);
        action.Text("kind").Should().Be("redeliver");
        action.Text("reason").Should().Be("repaired");
        action.Json.Object("filter")["messageIds"]!.AsArray().Select(id => id!.GetValue<string>()).Should().BeEquivalentTo(dead.Ids[0], dead.Ids[2]);
        await WaitForDeliveryAsync(dead.Ids[0], dead.Consumer, DeliveryStates.Delivered);
        await WaitForDeliveryAsync(dead.Ids[2], dead.Consumer, DeliveryStates.Delivered);
        (await StateAsync(dead, 1)).Should().Be(DeliveryStates.DeadLettered);
    }

    [Test]
    public async Task Selection_OfAllRows_IsDiscarded()
    {
        var dead = await DieAsync(3);
        var visit = await OpenAsync(ListOf(dead));
        await visit.Page.GetByLabel("Select all on this page").CheckAsync();

        await visit.ActAsync("Discard selected", "from a test");

        var action = await BulkActionOfAsync(visit);
        (await Api.FinishBulkAsync(action.Id)).Should().Be((3, 0, 0));
        (await Api.DeadLettersAsync(dead.Consumer.Subscription)).Items.Should().BeEmpty();
    }

    [Test]
    public async Task Selection_OfNothing_IsNotSent()
    {
        var dead = await DieAsync(1);
        var visit = await OpenAsync(ListOf(dead));

        await visit.Button("Discard selected").ClickAsync();

        await Assertions.Expect(visit.Dialog.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Select at least one row first.");
        await Assertions.Expect(visit.Dialog.Locator("[data-dialog=confirm]")).ToBeDisabledAsync();
    }

    [Test]
    public async Task AllThatMatch_AreCountedFirst_ThenRedelivered()
    {
        var dead = await DieAsync(5, turn => new Answer(422) { Body = turn < 2 ? "closed" : "unknown" });
        dead.Consumer.Inbox.AnswerWith(Answer.Ok);
        var visit = await OpenAsync($"{ListOf(dead)}&status=422&error={Uri.EscapeDataString("the receiver answered 422: unknown")}");
        await visit.Button("Redeliver all that match").ClickAsync();
        await Assertions.Expect(visit.Dialog).ToContainTextAsync("Redeliver 3 dead letters");
        await Assertions.Expect(visit.Dialog).ToContainTextAsync("Error: the receiver answered 422: unknown");

        await ConfirmAsync(visit, "repaired");

        var action = await BulkActionOfAsync(visit);
        action.Json.Number("perSecond").Should().Be(50);
        (await Api.FinishBulkAsync(action.Id)).Should().Be((3, 0, 0));
        (await Api.DeadLettersAsync(dead.Consumer.Subscription)).Items.Should().HaveCount(2).And.OnlyContain(item => item.Text("lastError")!.Contains("closed"));
    }

    [Test]
    public async Task AllThatMatch_AreDiscarded_ButNotWhatCameSince()
    {
        var dead = await DieAsync(4);
        var visit = await OpenAsync(ListOf(dead));
        await visit.Button("Discard all that match").ClickAsync();
        await Assertions.Expect(visit.Dialog).ToContainTextAsync("Discard 4 dead letters");
        await Assertions.Expect(visit.Dialog).ToContainTextAsync("This cannot be taken back.");
        var later = await (await RegisterProducerAsync()).SendAsync(dead.Consumer.Topic);
        await WaitForDeliveryAsync(later, dead.Consumer, DeliveryStates.DeadLettered);

        await ConfirmAsync(visit, "from a test");

        (await Api.FinishBulkAsync((await BulkActionOfAsync(visit)).Id)).Should().Be((4, 0, 0));
        (await Api.DeadLettersAsync(dead.Consumer.Subscription)).Items.Select(item => item.Text("messageId")).Should().Equal(later);
    }

    [TestCase("0")]
    [TestCase("1001")]
    [TestCase("")]
    public async Task Rate_ThatIsWrong_IsNotSent(string rate)
    {
        var dead = await DieAsync(1);
        var visit = await OpenAsync(ListOf(dead));
        await visit.Button("Redeliver all that match").ClickAsync();
        await Assertions.Expect(visit.Dialog).ToContainTextAsync("Redeliver 1 dead letters");
        await visit.Page.GetByLabel("At most a second").FillAsync(rate);

        await ConfirmAsync(visit, "too fast");

        (await visit.Page.GetByLabel("At most a second").EvaluateAsync<bool>("field => field.validity.valid")).Should().BeFalse();
        await Assertions.Expect(visit.Dialog).ToBeVisibleAsync();
        (await StateAsync(dead, 0)).Should().Be(DeliveryStates.DeadLettered);
    }

    [Test]
    public async Task Actions_OnASubscriptionThatWasDeleted_ShowWhy()
    {
        var dead = await DieAsync(1);
        var visit = await OpenAsync(ListOf(dead));
        foreach (var path in new[] { "/v1/bulk-actions", "/v1/bulk-actions/count" }) visit.Expect(400, "POST", path);
        foreach (var path in new[] { "/v1/dead-letters/redeliver", "/v1/dead-letters/discard" }) visit.Expect(404, "POST", path);
        (await Api.DeleteAsync($"/v1/subscriptions/{dead.Consumer.Subscription}")).Expect(204);
        await Row(visit, dead.Ids[0]).Locator("input").CheckAsync();

        foreach (var button in new[] { "Redeliver all that match", "Discard all that match" })
        {
            await visit.Button(button).ClickAsync();
            await RefusedAsync(visit, dead);
            await Assertions.Expect(visit.Dialog.Locator("[data-dialog=confirm]")).ToBeDisabledAsync();
            await visit.Button("Cancel").ClickAsync();
        }

        foreach (var button in new[] { "Redeliver selected", "Discard selected", "Redeliver", "Discard" })
        {
            await visit.ActAsync(button, "too late");
            await RefusedAsync(visit, dead);
            await visit.Button("Cancel").ClickAsync();
        }
    }

    private static string ListOf(DeadConsumer dead) => $"/dead-letters?subscription={dead.Consumer.Subscription}";

    private static ILocator Row(Visit visit, string id) => visit.Find("tbody tr").Filter(new() { HasText = id, Has = visit.Find("input[data-select-row]") });

    private static async Task ActOnRowAsync(Visit visit, string id, string button, string reason)
    {
        await Row(visit, id).GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
        await ConfirmAsync(visit, reason);
    }

    private static async Task ConfirmAsync(Visit visit, string reason)
    {
        await visit.Dialog.Locator("#txmsg-dialog-reason").FillAsync(reason);
        await visit.Dialog.Locator("[data-dialog=confirm]").ClickAsync();
    }

    private static Task RefusedAsync(Visit visit, DeadConsumer dead) =>
        Assertions.Expect(visit.Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync(dead.Consumer.Subscription);

    private async Task<Reply> BulkActionOfAsync(Visit visit)
    {
        await Assertions.Expect(visit.Page).ToHaveURLAsync(PageOfABulkAction());
        return await Api.BulkActionAsync(PageOfABulkAction().Match(visit.Page.Url).Groups[1].Value);
    }

    private async Task<string?> StateAsync(DeadConsumer dead, int place) => (await Api.MessageAsync(dead.Ids[place])).Delivery(dead.Consumer.Subscription).Text("state");

    private async Task<DeadConsumer> DieAsync(int count, Func<int, Answer>? answer = null) =>
        await DeadConsumer.MakeAsync(Api, await RegisterProducerAsync(), await SubscribeAsync(Unique.Name("dead")), count, answer);

    [GeneratedRegex("/txmsg/bulk-actions/([0-9a-f-]{36})$")]
    private static partial Regex PageOfABulkAction();
}
