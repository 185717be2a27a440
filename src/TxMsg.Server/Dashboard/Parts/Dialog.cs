namespace TxMsg.Server.Dashboard.Parts;

/// <summary>The one dialog of a page, in which every action is confirmed, reasoned and, if it fails, explained.</summary>
internal static class Dialog
{
    /// <summary>The empty dialog; the script fills it from the button that opens it.</summary>
    public static Html Frame(PageRequest request) => Html.Of($"""
        <dialog id="txmsg-dialog" aria-labelledby="txmsg-dialog-title">
          <form method="dialog">
            <h2 id="txmsg-dialog-title"></h2>
            <p class="txmsg-dialog-text"></p>
            <div class="txmsg-dialog-fields"></div>
            <div class="form-group txmsg-dialog-reason">
              <label for="txmsg-dialog-reason">{request.Texts["Dialog_Reason"]}</label>
              <textarea id="txmsg-dialog-reason" class="form-control" rows="2" maxlength="1000"></textarea>
              <span class="help-block">{request.Texts["Dialog_ReasonHelp"]}</span>
            </div>
            <div class="txmsg-dialog-error alert alert-danger" role="alert" hidden></div>
            <pre class="txmsg-dialog-answer" tabindex="0" hidden></pre>
            <div class="txmsg-dialog-buttons">
              <button type="button" class="btn btn-default" data-dialog="cancel">{request.Texts["Dialog_Cancel"]}</button>
              <button type="submit" class="btn btn-primary" data-dialog="confirm"></button>
              <button type="button" class="btn btn-primary" data-dialog="close" hidden>{request.Texts["Dialog_Close"]}</button>
            </div>
          </form>
        </dialog>
        <div id="txmsg-texts" hidden data-failed="{request.Texts["Dialog_Failed"]}" data-unreachable="{request.Texts["Dialog_Unreachable"]}"
             data-none-selected="{request.Texts["Dialog_NoneSelected"]}" data-reason-missing="{request.Texts["Dialog_ReasonMissing"]}" data-nothing-done="{request.Texts["Dialog_NothingDone"]}"
             data-stale="{request.Texts["Page_Stale"]}" data-gone-stale="{request.Texts["Page_GoneStale"]}" data-signed-out="{request.Texts["Dialog_SignedOut"]}" data-signed-out-stale="{request.Texts["Page_SignedOutStale"]}" data-navigation="{request.Texts["Page_Navigation"]}" data-language="{request.Texts.Language}"></div>
        """);
}
