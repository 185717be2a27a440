using TxMsg.Server.Hosting.Configuration;
using TxMsg.Server.Nodes.Health;
using TxMsg.Server.Observability;
using TxMsg.Server.Observability.History;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Nodes;

/// <summary>Who works on this store, and what each has counted and seen.</summary>
public static class NodesRegistration
{
    /// <summary>Adds the pulse of this node, and the readers of all.</summary>
    public static IServiceCollection AddNodes(this IServiceCollection services) => services
        .AddValidatedOptions<NodeOptions>(NodeOptions.Section, rules => rules
            .Must("Name", $"at most {NodeOptions.MaxNameLength} characters", options => options.Name?.Length > NodeOptions.MaxNameLength ? "is longer" : null)
            .Must("Address", $"an absolute http or https URL of at most {NodeOptions.MaxAddressLength} characters, without user info, query and fragment", options => NodeOptions.ProblemOfAddress(options.Address))
            .Range(options => options.HeartbeatInterval, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)))
        .AddSingleton<NodeIdentity>()
        .AddSingleton<NodeReader>()
        .AddSingleton(provider => new MinuteRecorder(CoordinatorMetrics.Totals, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<HealthCollector>()
        .AddSingleton<HealthReader>()
        .AddSingleton<WriteStep, PulseStep>()
        .AddSingleton<PulsePurger>()
        .AddSingleton<NodePulse>()
        .AddHostedService(provider => provider.GetRequiredService<NodePulse>());
}
