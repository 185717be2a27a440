using System.Net;
using System.Text.RegularExpressions;

namespace TxMsg.AcceptanceTests.Harness;

/// <summary>Somebody at a browser: signs in with a key, and calls the interface as the pages of the admin UI do.</summary>
public sealed partial class Browser : IDisposable
{
    private const string TokenHeader = "RequestVerificationToken";
    private readonly Uri address;
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, CookieContainer = new CookieContainer() });

    private Browser(Uri address) => this.address = address;

    /// <summary>What a page sends beside the cookie when it changes something; stands in the page.</summary>
    public string Token { get; private set; } = "";

    public static async Task<Browser> SignInAsync(Uri address, string key)
    {
        var browser = new Browser(address);
        var form = new FormUrlEncodedContent([
            KeyValuePair.Create("__RequestVerificationToken", FieldOfTheForm().Match(await browser.PageAsync("/sign-in")).Groups[1].Value),
            KeyValuePair.Create("key", key),
        ]);
        (await browser.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/sign-in") { Content = form })).Expect(303);
        browser.Token = WebUtility.HtmlDecode(TokenOfThePage().Match(await browser.PageAsync("/hangfire")).Groups[1].Value);
        return browser;
    }

    public async Task<string> PageAsync(string path) => (await SendAsync(new HttpRequestMessage(HttpMethod.Get, path))).Expect(200).Content;

    public Task<Reply> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>As a page does it, unless another token is given.</summary>
    public Task<Reply> SendAsync(string method, string path, object? body = null, string? token = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : Api.AsJson(body) };
        if ((token ?? Token) is { Length: > 0 } sent) request.Headers.Add(TokenHeader, sent);
        return SendAsync(request);
    }

    public void Dispose() => http.Dispose();

    private async Task<Reply> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            request.RequestUri = new Uri(address, request.RequestUri!);
            using var response = await http.SendAsync(request);
            return new Reply((int)response.StatusCode, response.Headers, response.Content.Headers.ContentType?.ToString(), await response.Content.ReadAsByteArrayAsync());
        }
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]*)")]
    private static partial Regex FieldOfTheForm();

    [GeneratedRegex("name=\"csrf-token\" content=\"([^\"]*)")]
    private static partial Regex TokenOfThePage();
}
