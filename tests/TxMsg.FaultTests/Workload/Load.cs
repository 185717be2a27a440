namespace TxMsg.FaultTests.Workload;

/// <summary>Producers that go on whatever happens to the coordinator, until they are told to end.</summary>
internal sealed class Load
{
    private readonly List<Task> clients = [];
    private volatile bool ending;

    private Load()
    {
    }

    /// <param name="number">Which of the world's loads it is: each client has an ordering key of its own.</param>
    public static Load Start(int number, IReadOnlyList<string> producers, int clientsOfEach, Recorder recorder, CoordinatorCalls calls, Random random)
    {
        var load = new Load();
        foreach (var producer in producers)
        {
            for (var client = 1; client <= clientsOfEach; client++)
            {
                var one = new ProducerClient(producer, $"{producer}/{number}.{client}", recorder, calls, new Random(random.Next()), () => load.ending);
                load.clients.Add(Task.Run(one.RunAsync));
            }
        }

        return load;
    }

    /// <summary>Every client finishes the transaction that it is in.</summary>
    public async Task EndAsync()
    {
        ending = true;
        await Task.WhenAll(clients);
    }
}
