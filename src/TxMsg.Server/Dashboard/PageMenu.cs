using TxMsg.Server.Dashboard.Audit;
using TxMsg.Server.Dashboard.Messages;
using TxMsg.Server.Dashboard.Overview;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Dashboard;

/// <summary>The menu at the side of every page.</summary>
public sealed class PageMenu(RegistryCache registry)
{
    private static readonly (string Text, string Path, Type[] Pages)[] Items =
    [
        ("Menu_Overview", "", [typeof(OverviewPage)]),
        ("Menu_Messages", "/messages", [typeof(MessagesPage), typeof(Message.MessagePage)]),
        ("Menu_Undecided", "/undecided", [typeof(Undecided.UndecidedPage)]),
        ("Menu_DeadLetters", "/dead-letters", [typeof(DeadLetters.DeadLettersPage)]),
        ("Menu_BulkActions", "/bulk-actions", [typeof(BulkActions.BulkActionsPage), typeof(BulkActions.BulkActionPage)]),
        ("Menu_Producers", "/producers", [typeof(Producers.ProducersPage), typeof(Producers.ProducerPage)]),
        ("Menu_Subscriptions", "/subscriptions", [typeof(Subscriptions.SubscriptionsPage), typeof(Subscriptions.SubscriptionPage)]),
        ("Menu_Audit", "/audit", [typeof(AuditPage)]),
    ];

    /// <summary>The menu, with the page's own item marked.</summary>
    public Task<Html> RenderAsync(PageRequest request, Type page) => Task.FromResult(Html.Of($"""
        <div id="stats" class="list-group">
        {Html.Each(Items, item => Item(request, item.Text, item.Path, item.Pages.Contains(page)))}
        <a href="{request.Jobs}" class="list-group-item">{request.Texts["Menu_Jobs"]}</a>
        {MenuFoot.Of(request, registry.Current)}
        </div>
        """));

    private static Html Item(PageRequest request, string text, string path, bool isCurrent) => isCurrent
        ? Html.Of($"""<a href="{request.Page(path)}" class="list-group-item active" aria-current="page">{request.Texts[text]}</a>""")
        : Html.Of($"""<a href="{request.Page(path)}" class="list-group-item">{request.Texts[text]}</a>""");
}
