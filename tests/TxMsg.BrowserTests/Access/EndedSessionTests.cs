namespace TxMsg.BrowserTests.Access;

/// <summary>A page goes on being shown when its session has ended; it must not look as if nothing had happened.</summary>
public sealed class EndedSessionTests(StoreKind store) : KeyedDashboardFixture(store)
{
    private const string Signed = "You are no longer signed in";

    // The page reads itself again every few seconds.
    private static readonly LocatorAssertionsToContainTextOptions AfterItsInterval = new() { Timeout = 30_000 };

    [Test]
    public async Task Action_IsNotDone_AndTheDialogSaysWhy()
    {
        var producer = await RegisterProducerAsync();
        var id = await producer.PrepareAsync(Unique.Name("too.late"));
        var (visit, keyId) = await SignedInAsync($"/messages/{id}");
        visit.Expect(401, "POST", $"/v1/messages/{id}/commit");

        await EndAsync(keyId);
        await visit.ActAsync("Commit", "seen in the books");

        await Assertions.Expect(visit.Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync(Signed);
        await visit.CheckAccessibilityAsync();
        (await Api.MessageAsync(id)).State.Should().Be(MessageStates.Prepared);
    }

    [Test]
    public async Task APartThatRefreshesItself_SaysThatItIsOld_AndLeadsToTheSignIn()
    {
        var (visit, keyId) = await SignedInAsync("");
        // Before the sign-in, if that takes a while.
        visit.Expect(401, "GET", "/v1/stats/history");

        await EndAsync(keyId);

        await Assertions.Expect(visit.Find("main").GetByRole(AriaRole.Alert)).ToContainTextAsync(Signed, AfterItsInterval);
        (await visit.Find("#overview").GetAttributeAsync("data-stale")).Should().Contain("no longer signed in");
        await visit.CheckAccessibilityAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in again" }).ClickAsync();
        await visit.SignInAsync(OperatorKey);
        await Assertions.Expect(visit.Find("h1")).ToContainTextAsync("Overview");
        await Assertions.Expect(visit.Find("main").GetByRole(AriaRole.Alert)).ToBeHiddenAsync();
    }

    private async Task<(Visit Visit, string KeyId)> SignedInAsync(string path)
    {
        var (keyId, key) = await Api.CreateAdminKeyAsync("operator", "Temporary");
        var visit = await OpenAsAsync(key, path);
        visit.Expect(401, "GET", "/hangfire/txmsg" + path);
        visit.Expect(401, "POST", "/hangfire/stats");
        return (visit, keyId);
    }

    private async Task EndAsync(string keyId) => (await Api.DeleteAsync($"/v1/admin-keys/{keyId}")).Expect(204);
}
