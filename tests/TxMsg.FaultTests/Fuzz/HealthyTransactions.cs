namespace TxMsg.FaultTests.Fuzz;

/// <summary>A well-behaved producer and consumer, whose names and ids no hostile request can know: nothing of theirs may change or wait.</summary>
internal sealed class HealthyTransactions(Api api, Receiver receiver)
{
    private readonly Dictionary<string, string> stored = [];
    private readonly string topic = Unique.Name("healthy");
    private readonly Inbox inbox = receiver.Open();
    private string producer = "";

    /// <summary>How many went through.</summary>
    public int Count { get; private set; }

    public async Task BeginAsync()
    {
        producer = Unique.Name("healthy");
        (await api.PutAsync($"/v1/producers/{producer}", new { checkBackUrl = inbox.Url })).Expect(201);
        (await api.PutAsync($"/v1/subscriptions/{Unique.Name("healthy")}", new { topic, endpoint = inbox.Url })).Expect(201);
        // What hostile requests may name, so that they get further than the first look.
        foreach (var name in Words.Producers) (await api.PutAsync($"/v1/producers/{name}", new { checkBackUrl = Words.Urls[0] })).Expect(201);
        foreach (var name in Words.Subscriptions) (await api.PutAsync($"/v1/subscriptions/{name}", new { topic = Words.Topic, endpoint = Words.Urls[0], retryScheduleSeconds = new[] { 1 } })).Expect(201);
        for (var i = 0; i < 5; i++) await GoThroughAsync();
        var rolledBack = (await api.PostAsync("/v1/messages", new { producer, topic, payload = "no" })).Expect(201).Id;
        (await api.RollbackAsync(rolledBack)).Expect(200);
        foreach (var path in (string[])[.. stored.Keys.ToArray(), $"/v1/messages/{rolledBack}", $"/v1/messages/{rolledBack}/payload", $"/v1/producers/{producer}"]) stored[path] = await ReadAsync(path);
    }

    /// <summary>A transaction from its beginning to its delivery.</summary>
    public async Task GoThroughAsync()
    {
        var id = (await api.PostAsync("/v1/messages", new { producer, topic, payload = new { Count } })).Expect(201).Id;
        (await api.CommitAsync(id)).Expect(200);
        await inbox.WaitForAsync(id);
        await Eventually.ReadAsync(() => api.MessageAsync(id), message => message.List("deliveries").All(delivery => delivery.Text("state") == "delivered"), $"{id} to be delivered");
        foreach (var path in (string[])[$"/v1/messages/{id}", $"/v1/messages/{id}/payload", $"/v1/messages/{id}/timeline"]) stored[path] = await ReadAsync(path);
        Count++;
    }

    /// <summary>What is not any more as it was stored.</summary>
    public async Task<IReadOnlyList<string>> CompareAsync()
    {
        var changed = new List<string>();
        foreach (var (path, before) in stored)
        {
            var now = await ReadAsync(path);
            if (now != before) changed.Add($"I3 {path} was {before} and is {now}");
        }

        return changed;
    }

    private async Task<string> ReadAsync(string path) => System.Text.Encoding.UTF8.GetString((await api.GetAsync(path)).Expect(200).Body);
}
