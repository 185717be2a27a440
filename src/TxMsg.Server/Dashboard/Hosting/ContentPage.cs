using Hangfire.Dashboard;
using Hangfire.Dashboard.Pages;
using TxMsg.Server.Dashboard.Parts;

namespace TxMsg.Server.Dashboard.Hosting;

/// <summary>A page in Hangfire's layout: the menu at its side, the title, the content.</summary>
internal sealed class ContentPage : RazorPage
{
    private readonly PageRequest request;
    private readonly PageContent content;
    private readonly Html menu;

    public ContentPage(PageRequest request, PageContent content, Html menu)
    {
        (this.request, this.content, this.menu) = (request, content, menu);
        Layout = new LayoutPage(content.Title);
    }

    public override void Execute() => WriteLiteral(TxMsg.Server.Dashboard.Html.Of($"""
        <div class="row txmsg">
          <nav class="col-md-3 col-lg-2" aria-label="TxMsg">{menu}</nav>
          <main class="col-md-9 col-lg-10">
            <h1 id="page-title" class="page-header">{content.Title} {content.Heading}</h1>
            <div id="txmsg-signed-out" class="alert alert-danger" role="alert" hidden>{request.Texts["Page_SignedOut"]} <a href="{request.Here()}">{request.Texts["Page_SignInAgain"]}</a></div>
            {content.Body}
          </main>
        </div>
        {Dialog.Frame(request)}
        """).ToString());

    // Hangfire writes the culture's own name for its language; without ICU every culture calls itself "iv".
    public override string ToString() => base.ToString().Replace("<html lang=\"iv\">", $"<html lang=\"{request.Texts.Language}\">", StringComparison.Ordinal);
}
