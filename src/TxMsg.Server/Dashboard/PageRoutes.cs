using Hangfire.Dashboard;
using TxMsg.Server.Dashboard.Hosting;
using TxMsg.Server.Language;

namespace TxMsg.Server.Dashboard;

/// <summary>Where the pages are. Hangfire keeps routes, menu and scripts in statics of the process: they are added once, however many
/// servers a process runs.</summary>
internal static class PageRoutes
{
    /// <summary>The path of the first page, below the dashboard's own.</summary>
    public const string Root = "/txmsg";

    /// <summary>With this in the query string the dashboard's own path shows Hangfire's home page.</summary>
    public const string JobsQuery = "jobs";

    private static readonly Lazy<bool> Added = new(Add);

    /// <summary>Adds what is not there yet.</summary>
    public static void EnsureAdded() => _ = Added.Value;

    private static bool Add()
    {
        Add<Overview.OverviewPage>("");
        Add<Messages.MessagesPage>("/messages");
        Add<Message.MessagePage>("/messages/(?<id>[^/]+)");
        Add<Undecided.UndecidedPage>("/undecided");
        Add<DeadLetters.DeadLettersPage>("/dead-letters");
        Add<BulkActions.BulkActionsPage>("/bulk-actions");
        Add<BulkActions.BulkActionPage>("/bulk-actions/(?<id>[^/]+)");
        Add<Producers.ProducersPage>("/producers");
        Add<Producers.ProducerPage>("/producers/(?<name>[^/]+)");
        Add<Subscriptions.SubscriptionsPage>("/subscriptions");
        Add<Subscriptions.SubscriptionPage>("/subscriptions/(?<name>[^/]+)");
        Add<Audit.AuditPage>("/audit");
        AddAssets();
        NavigationMenu.Items.Insert(0, page => new MenuItem("TxMsg", page.Url.To(Root))
        {
            Active = page.RequestPath.StartsWith(Root, StringComparison.OrdinalIgnoreCase),
        });
        return true;
    }

    private static void Add<TPage>(string path)
        where TPage : DashboardPage => DashboardRoutes.Routes.Add(Root + path, new PageDispatcher<TPage>());

    private static void AddAssets()
    {
        var assembly = typeof(PageRoutes).Assembly;
        DashboardRoutes.AddStylesheet(assembly, "dashboard/uPlot.min.css");
        DashboardRoutes.AddStylesheet(assembly, "dashboard/txmsg.css");
        DashboardRoutes.AddStylesheetDarkMode(assembly, "dashboard/txmsg-dark.css");
        DashboardRoutes.AddJavaScript(assembly, "dashboard/uPlot.iife.min.js");
        DashboardRoutes.AddJavaScript(assembly, "dashboard/keep-place.js");
        DashboardRoutes.AddJavaScript(assembly, "dashboard/txmsg.js");
    }
}
