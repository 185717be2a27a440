using Hangfire.Dashboard;

namespace TxMsg.Server.Access;

/// <summary>Shows Hangfire's dashboard to whom the access check let in as administration.</summary>
public sealed class DashboardAuthorizationFilter : IDashboardAsyncAuthorizationFilter
{
    /// <inheritdoc/>
    public Task<bool> AuthorizeAsync(DashboardContext context) => Task.FromResult(context.GetHttpContext().IsAdministration());
}
