namespace TxMsg.Server.BulkActions;

/// <summary>What is done to many messages at once, in the background.</summary>
public static class BulkActionsRegistration
{
    /// <summary>Adds bulk actions; <see cref="BulkActionSweeper.RunAsync"/> is to be run every few seconds.</summary>
    public static IServiceCollection AddBulkActions(this IServiceCollection services) => services
        .AddSingleton<BulkActionStore>()
        .AddSingleton<BulkActionLeases>()
        .AddSingleton<BulkItemReader>()
        .AddSingleton<BulkActionWork>()
        .AddSingleton<BulkActionSweeper>()
        .AddSingleton<BulkActionRunner>()
        .AddSingleton<BulkActionService>();
}
