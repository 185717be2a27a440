using TxMsg.Server.Access.SignIn;

namespace TxMsg.Server.Access;

/// <summary>What an open page asks again and again by itself, whether anybody sits before it or not.</summary>
internal static class PagePolls
{
    /// <summary>The header of what TxMsg's own pages ask so.</summary>
    public const string Header = "X-TxMsg-Poll";

    /// <summary>Whether nobody did anything for this request to be made.</summary>
    public static bool IsPoll(HttpRequest request) => request.Headers.ContainsKey(Header) || IsOfHangfire(request);

    /// <summary>Whether it is Hangfire's own: its pages ask for their numbers by a POST, which changes nothing.</summary>
    public static bool IsOfHangfire(HttpRequest request) => request.Path == SignInEndpoints.DashboardPath + "/stats";
}
