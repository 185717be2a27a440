namespace TxMsg.AcceptanceTests.Harness;

/// <summary>Bulk actions as a stranger asks for them.</summary>
public static class BulkActions
{
    /// <summary>Asks for one; returns it as it was accepted.</summary>
    public static async Task<Reply> StartBulkAsync(this Api api, string kind, object filter, int? perSecond = null) =>
        (await api.PostAsync("/v1/bulk-actions", new { kind, filter, reason = "because", perSecond })).Expect(202);

    /// <summary>A bulk action as it is now.</summary>
    public static async Task<Reply> BulkActionAsync(this Api api, string id) => (await api.GetAsync($"/v1/bulk-actions/{id}")).Expect(200);

    /// <summary>Waits until a bulk action is as wanted.</summary>
    public static Task<Reply> WaitForBulkAsync(this Api api, string id, Func<Reply, bool> until, string what, TimeSpan? within = null) =>
        Eventually.ReadAsync(() => api.BulkActionAsync(id), until, $"bulk action {id} to {what}", within);

    /// <summary>Waits for its end; returns how many it was done to, skipped and failed.</summary>
    public static async Task<(double Done, double Skipped, double Failed)> FinishBulkAsync(this Api api, string id)
    {
        var reply = await api.WaitForBulkAsync(id, action => action.State == "finished", "finish");
        reply.Text("finishedAt").Should().NotBeNullOrEmpty();
        return (reply.Json.Number("done"), reply.Json.Number("skipped"), reply.Json.Number("failed"));
    }

    /// <summary>When each of these messages was redelivered by hand.</summary>
    public static async Task<IReadOnlyList<DateTimeOffset>> RedeliveriesAsync(this Api api, IEnumerable<string> ids)
    {
        var times = new List<DateTimeOffset>();
        foreach (var id in ids)
        {
            var actions = (await api.TimelineAsync(id)).Of(Timeline.OperatorAction);
            actions.Should().OnlyContain(action => action.Text("action") == "redeliver" && action.Text("reason") == "because");
            times.AddRange(actions.Select(action => DateTimeOffset.Parse(action.Text("at")!, System.Globalization.CultureInfo.InvariantCulture)));
        }

        return times;
    }
}
