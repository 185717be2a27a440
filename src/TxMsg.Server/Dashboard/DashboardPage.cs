namespace TxMsg.Server.Dashboard;

/// <summary>A page inside Hangfire's dashboard. It reads what it shows, asynchronously, and renders it; it changes nothing: what people
/// do there goes to the HTTP API like everything else.</summary>
public abstract class DashboardPage
{
    /// <summary>What the page shows now.</summary>
    public abstract Task<PageContent> RenderAsync(PageRequest request);
}
