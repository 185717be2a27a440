namespace TxMsg.AcceptanceTests.Harness;

/// <summary>A registered producer together with its check-back endpoint.</summary>
public sealed record Producer(string Name, string Secret, CheckBackEndpoint CheckBacks, Api Api)
{
    public NewMessage Message(string topic) => new(Name, topic) { Payload = new { order = 17 } };

    /// <summary>Stores a half message and returns its id.</summary>
    public async Task<string> PrepareAsync(string topic, Func<NewMessage, NewMessage>? change = null)
    {
        var message = Message(topic);
        var reply = await Api.PostAsync("/v1/messages", change is null ? message : change(message));
        return reply.Expect(201).Id;
    }

    /// <summary>A whole transaction: stores the half message, commits it, and returns its id.</summary>
    public async Task<string> SendAsync(string topic, Func<NewMessage, NewMessage>? change = null)
    {
        var id = await PrepareAsync(topic, change);
        (await Api.CommitAsync(id)).Expect(200);
        return id;
    }

    /// <summary>Several transactions, one after the other.</summary>
    public async Task<IReadOnlyList<string>> SendManyAsync(string topic, int count, Func<NewMessage, NewMessage>? change = null)
    {
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
        {
            ids.Add(await SendAsync(topic, change));
        }

        return ids;
    }
}
