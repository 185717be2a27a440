namespace TxMsg.AcceptanceTests.Documentation;

/// <summary>The commands of the README's tour, run as they stand there but for the ports.</summary>
public sealed class When_the_readme_is_followed(StoreKind store) : OwnCoordinatorFixture(store)
{
    private const string Separator = "== next step ==";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly SemaphoreSlim Building = new(1, 1);

    // a stranger has configured nothing
    protected override Settings Configure(Settings settings) => Settings.None;

    [Test]
    public async Task TheTour_ShowsWhatTheReadmeSays()
    {
        var tour = Tour.Read(Repository.Readme);
        tour.Starts.Should().HaveCount(2);
        tour.Starts[0].Should().Be("dotnet run --project src/TxMsg.Server -c Release", "it is what the harness runs, built already");
        var port = FreePort.Find();
        // the banner is about the default store
        if (Kind == StoreKind.Sqlite) await Eventually.HoldsAsync(() => Tour.ShouldShow(Coordinator.Log, Here(tour.Banner, port)));
        using var receiver = await StartTheReceiverAsync(tour.Starts[1], port);

        var script = string.Join($"\necho '{Separator}'\n", tour.Steps.Select(step => step.Commands));
        var printed = (await Terminal.PasteAsync(Here(script, port), Patience)).Split(Separator);

        printed.Should().HaveCount(tour.Steps.Count);
        foreach (var (step, text) in tour.Steps.Zip(printed))
        {
            Tour.ShouldShow(text, Here(step.Shown, port));
        }

        foreach (var shown in tour.Received)
        {
            await Eventually.HoldsAsync(() => Tour.ShouldShow(receiver.Text, shown));
        }

        receiver.Text.Should().NotContain("BAD").And.NotContain("4713", "what was rolled back is never delivered");
    }

    private static async Task<Terminal> StartTheReceiverAsync(string command, int port)
    {
        var words = command.Split(' ');
        // two builds of the same file would get in each other's way
        await Building.WaitAsync();
        try
        {
            var receiver = Terminal.Run(words[0], [.. words[1..], $"{port}"]);
            await Eventually.HoldsAsync(() => receiver.Text.Should().Contain($"listens on http://127.0.0.1:{port}"), Patience);
            return receiver;
        }
        finally
        {
            Building.Release();
        }
    }

    private string Here(string text, int receiverPort) => text
        .Replace("http://127.0.0.1:5080", Coordinator.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)
        .Replace("http://127.0.0.1:5090", $"http://127.0.0.1:{receiverPort}", StringComparison.Ordinal);
}
