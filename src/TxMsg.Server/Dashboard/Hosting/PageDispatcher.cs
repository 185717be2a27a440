using Hangfire.Dashboard;

namespace TxMsg.Server.Dashboard.Hosting;

/// <summary>Lets a page read what it needs without holding a thread, then renders it in Hangfire's layout. The page comes from the
/// services of the request: routes are static and outlive any one server of the process.</summary>
internal sealed class PageDispatcher<TPage> : IDashboardDispatcher
    where TPage : DashboardPage
{
    public async Task Dispatch(DashboardContext context)
    {
        var http = context.GetHttpContext();
        var request = new PageRequest(http, context.UriMatch, context.IsReadOnly);
        var page = http.RequestServices.GetRequiredService<TPage>();
        var content = await page.RenderAsync(request);
        var menu = await http.RequestServices.GetRequiredService<PageMenu>().RenderAsync(request, typeof(TPage));
        http.Response.StatusCode = content.Status;
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        await RenderAsync(context, new ContentPage(request, content, menu));
    }

    // Only Hangfire's own dispatcher of pages may give a page its context.
    private static Task RenderAsync(DashboardContext context, RazorPage page)
    {
        var routes = new Hangfire.Dashboard.RouteCollection();
        routes.AddRazorPage("/", _ => page);
        return routes.FindDispatcher("/").Item1.Dispatch(context);
    }
}
