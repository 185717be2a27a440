using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Options;

namespace TxMsg.Server.Access;

/// <summary>Tells a request of a page here from one that another site's page makes a signed-in browser send: only the former
/// knows the anti-forgery token, which stands in the page.</summary>
internal sealed class PageTokens(IAntiforgery antiforgery, IOptions<AntiforgeryOptions> options, RefusalLog refusals)
{
    private readonly string header = options.Value.HeaderName!;

    /// <summary>Why a request that changes something does not pass, or null. Only the header counts: no body is read for it.</summary>
    public async ValueTask<string?> RefusalAsync(HttpContext context)
    {
        if (string.IsNullOrEmpty(context.Request.Headers[header]))
            return $"Who has signed in may change something only from a page here, which sends its anti-forgery token in the header {header}. Programs use a key.";
        if (await antiforgery.IsRequestValidAsync(context)) return null;
        refusals.NotFromAPage(context.Connection.RemoteIpAddress);
        return $"The anti-forgery token in the header {header} is not valid, or not for who has signed in. Load the page again.";
    }
}
