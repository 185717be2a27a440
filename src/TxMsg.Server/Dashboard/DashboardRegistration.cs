using Hangfire;
using Hangfire.Dashboard;
using TxMsg.Server.Access;
using TxMsg.Server.Access.SignIn;
using TxMsg.Server.Dashboard.Hosting;

namespace TxMsg.Server.Dashboard;

/// <summary>The admin UI: TxMsg's own pages inside Hangfire's dashboard.</summary>
public static class DashboardRegistration
{
    /// <summary>Adds the pages.</summary>
    public static IServiceCollection AddDashboard(this IServiceCollection services) => services
        .AddSingleton<PageMenu>()
        .AddSingleton<Overview.OverviewPage>()
        .AddSingleton<Messages.MessagesPage>()
        .AddSingleton<Message.MessagePage>()
        .AddSingleton<Undecided.UndecidedPage>()
        .AddSingleton<DeadLetters.DeadLettersPage>()
        .AddSingleton<BulkActions.BulkActionsPage>()
        .AddSingleton<BulkActions.BulkActionPage>()
        .AddSingleton<Producers.ProducersPage>()
        .AddSingleton<Producers.ProducerPage>()
        .AddSingleton<Subscriptions.SubscriptionsPage>()
        .AddSingleton<Subscriptions.SubscriptionPage>()
        .AddSingleton<Audit.AuditPage>();

    /// <summary>Maps Hangfire's dashboard with the pages in it.</summary>
    public static void MapDashboard(this WebApplication app)
    {
        PageRoutes.EnsureAdded();
        app.UseWhen(context => context.Request.Path.StartsWithSegments(SignInEndpoints.DashboardPath), dashboard => dashboard.UseMiddleware<DashboardMiddleware>());
        app.MapHangfireDashboard(SignInEndpoints.DashboardPath, new DashboardOptions
        {
            AppPath = null,
            DashboardTitle = "TxMsg",
            Authorization = [],
            AsyncAuthorization = [new DashboardAuthorizationFilter()],
            IsReadOnlyFunc = context => context.GetHttpContext().IsReadOnly(),
            DisplayStorageConnectionString = false,
        }).AllowOperators();
    }
}
