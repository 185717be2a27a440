using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace TxMsg.Server.Tests.Access;

/// <summary>A browser with cookies of its own, whose pages call the API.</summary>
internal sealed partial class Browser(Uri address) : IDisposable
{
    public const string TokenHeader = "RequestVerificationToken";

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, CookieContainer = new CookieContainer() }) { BaseAddress = address };

    public async Task<HttpResponseMessage> SignInAsync(string key)
    {
        var token = TokenField().Match(await http.GetStringAsync("/sign-in")).Groups[1].Value;
        return await http.PostAsync("/sign-in", new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", token), KeyValuePair.Create("key", key)]));
    }

    public async Task<HttpStatusCode> SignOutAsync()
    {
        var token = TokenField().Match(await http.GetStringAsync("/sign-out")).Groups[1].Value;
        using var response = await http.PostAsync("/sign-out", new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", token)]));
        return response.StatusCode;
    }

    /// <summary>The token that stands in each page of the dashboard.</summary>
    public async Task<string> TokenAsync(string page = "/hangfire")
    {
        var html = await http.GetStringAsync(page);
        return WebUtility.HtmlDecode((TokenMeta().Match(html) is { Success: true } meta ? meta : TokenField().Match(html)).Groups[1].Value);
    }

    /// <summary>Reads a page again as the script of an open page does, without anybody doing anything.</summary>
    public async Task<HttpStatusCode> PollAsync(string page)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, page);
        request.Headers.Add("Accept", "text/html");
        request.Headers.Add("X-TxMsg-Poll", "1");
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }

    public async Task<HttpStatusCode> StatusAsync(string method, string path, string? token = null, string? json = null) =>
        (await SendAsync(method, path, token, json)).Status;

    public async Task<(HttpStatusCode Status, string Content)> SendAsync(string method, string path, string? token = null, string? json = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        // As Hangfire's pages send what they ask.
        if (path.StartsWith("/hangfire", StringComparison.Ordinal) && method == "POST") request.Content = new FormUrlEncodedContent([KeyValuePair.Create("metrics[]", "servers:count"), KeyValuePair.Create("jobs[]", "nothing")]);
        else if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (token is not null) request.Headers.Add(TokenHeader, token);
        using var response = await http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public void Dispose() => http.Dispose();

    [GeneratedRegex("name=\"csrf-token\" content=\"([^\"]*)")]
    private static partial Regex TokenMeta();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]*)")]
    private static partial Regex TokenField();
}
