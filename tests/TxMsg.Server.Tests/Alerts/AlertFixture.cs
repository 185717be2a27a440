using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NUnit.Framework;
using TxMsg.Contracts.Signatures;
using TxMsg.Server.Alerts;
using TxMsg.Server.Tests.Hosted;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Tests.Alerts;

/// <summary>Alert checks on a real store with a receiver on a real socket; the clock is the test's.</summary>
public abstract class AlertFixture
{
    private readonly List<WebhookSender> senders = [];

    private protected WebhookSecret Secret { get; } = WebhookSecret.Generate();

    private protected TestStore Store { get; private set; } = null!;

    private protected Inbox Inbox { get; private set; } = null!;

    private protected AlertCheck Check { get; private set; } = null!;

    private protected AlertOptions Options { get; private set; } = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        Store = await TestStore.OpenAsync();
        Inbox = await Inbox.OpenAsync();
        Options = new AlertOptions { Url = Inbox.Url.ToString(), Secret = Secret.Reveal() };
        Check = NewNode();
    }

    [TearDown]
    public async Task CloseAsync()
    {
        foreach (var sender in senders) sender.Dispose();
        await Inbox.DisposeAsync();
        await Store.DisposeAsync();
    }

    /// <summary>The alert check as another node, or the same one after a restart, has it.</summary>
    private protected AlertCheck NewNode()
    {
        var options = Microsoft.Extensions.Options.Options.Create(Options);
        // The sender's own clock is the system's: only the conditions are the test's.
        var sender = new WebhookSender(
            Microsoft.Extensions.Options.Options.Create(new WebhookOptions()), new AddressPolicy([], allowLoopback: true), TimeProvider.System, NullLogger<WebhookSender>.Instance);
        senders.Add(sender);
        return new AlertCheck(
            new ConditionReader(Store.Database, Store.Registry, options, Store.Time), new AlertStore(Store.Database),
            new AlertNotifier(sender, options, Store.Time), options, Store.Time, NullLogger<AlertCheck>.Instance);
    }

    private protected Task<AlertCheckCounts> RunAsync() => Check.RunAsync(CancellationToken.None);

    /// <summary>One check at the end of each interval.</summary>
    private protected async Task RunForAsync(int intervals)
    {
        for (var i = 0; i < intervals; i++)
        {
            Store.Time.Advance(Options.CheckInterval);
            await RunAsync();
        }
    }

    private protected IEnumerable<string> Told => Inbox.Requests.Select(request => $"{request.Text("alert")} {request.Text("subject")} {request.Text("status")}");
}
