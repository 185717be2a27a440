using TxMsg.Server.Dashboard.Parts;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Dashboard;

/// <summary>The foot of the menu: who is signed in, what they may do, and the way out.</summary>
internal static class MenuFoot
{
    /// <summary>The foot for the reader of a page.</summary>
    public static Html Of(PageRequest request, RegistrySnapshot registry) => request.IsSignedIn
        ? Html.Of($"""
            <div class="txmsg-menu-foot">
            <p>{request.Texts["Menu_SignedIn"]}: {new Actors(registry).Of(request.Reader)}</p>
            {Html.If(!request.CanOperate, () => Html.Of($"<p>{request.Texts["Menu_Viewer"]}</p>"))}
            <p><a href="{request.SignOut}">{request.Texts["SignOut_Title"]}</a></p>
            </div>
            """)
        : Html.Of($"""<div class="txmsg-menu-foot"><p>{request.Texts["Menu_Loopback"]}</p></div>""");
}
