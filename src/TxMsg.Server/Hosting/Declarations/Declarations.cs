using Microsoft.Extensions.Options;
using TxMsg.Contracts.Registration;
using TxMsg.Server.Audit;
using TxMsg.Server.Producers;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;
using TxMsg.Server.Subscriptions;

namespace TxMsg.Server.Hosting.Declarations;

/// <summary>Makes or updates what the configuration declares before the server listens. What is as declared causes no write.</summary>
internal sealed partial class Declarations(
    IOptions<DeclarationOptions> options,
    StoreDatabase database,
    RegistryCache registry,
    ProducerAdministration producers,
    SubscriptionAdministration subscriptions,
    ILogger<Declarations> logger)
    : IHostedLifecycleService
{
    private readonly ILogger logger = logger;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (options.Value is { Producers: [], Subscriptions: [] }) return Task.CompletedTask;
        // One node after the other: two that rotate to the same declared secret at once would lose the one before.
        return database.WithMigrationLockAsync(_ => PutAllAsync(cancellationToken), cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task PutAllAsync(CancellationToken cancellationToken)
    {
        await registry.RefreshAsync(cancellationToken);
        foreach (var declared in options.Value.Producers) await PutAsync(declared.Name!, declared.ToRequest());
        foreach (var declared in options.Value.Subscriptions) await PutAsync(declared.Name!, declared.ToRequest());
    }

    private async Task PutAsync(string name, ProducerRequest request)
    {
        if (registry.Current.FindProducer(name) is { } existing && Comparison.IsAsDeclared(existing, request)) return;
        var (_, created) = await producers.PutAsync(name, request, AuditActors.Configuration);
        Tell("producer", name, created, request.Secret);
    }

    private async Task PutAsync(string name, SubscriptionRequest request)
    {
        if (registry.Current.FindSubscription(name) is { } existing && Comparison.IsAsDeclared(existing, request)) return;
        var (_, created) = await subscriptions.PutAsync(name, request, AuditActors.Configuration);
        Tell("subscription", name, created, request.Secret);
    }

    private void Tell(string kind, string name, bool created, string? declaredSecret)
    {
        LogPut(kind, name, created ? "made" : "updated");
        if (created && declaredSecret is null) LogSecretUnknown(kind, name);
    }

    [LoggerMessage(4201, LogLevel.Information, "The {Kind} {Name} was {What} as the configuration declares it")]
    private partial void LogPut(string kind, string name, string what);

    [LoggerMessage(4202, LogLevel.Warning, "No secret is declared for the {Kind} {Name}, so one was made that nobody has seen: declare one, or call its rotate-secret")]
    private partial void LogSecretUnknown(string kind, string name);
}
