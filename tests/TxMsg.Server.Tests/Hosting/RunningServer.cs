using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using TxMsg.Server.Hosting;

namespace TxMsg.Server.Tests.Hosting;

/// <summary>The whole server in this process, on a port and a database of its own.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    public const string AdminKey = "an-admin-key-of-the-tests";
    public static readonly string[] WithKeys = ["--TxMsg:Access:Mode=ApiKeys", $"--TxMsg:Access:AdminKey={AdminKey}", "--TxMsg:Webhooks:AllowedNetworks=127.0.0.0/8"];

    private RunningServer(WebApplication app, KeptLog log)
    {
        App = app;
        Log = log;
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, CookieContainer = new CookieContainer() })
        {
            BaseAddress = new Uri(app.Urls.First()),
        };
    }

    public WebApplication App { get; }

    /// <summary>What it logged.</summary>
    public KeptLog Log { get; }

    /// <summary>A client that keeps cookies and follows no redirect.</summary>
    public HttpClient Http { get; }

    public static Task<RunningServer> StartAsync(TestFolder folder, params string[] args) => StartAsync(folder, _ => { }, args);

    public static async Task<RunningServer> StartAsync(TestFolder folder, Action<WebApplication> map, params string[] args)
    {
        var log = new KeptLog();
        var app = ServerHost.Build(Arguments(folder, args), builder =>
        {
            Program.AddFeatures(builder);
            builder.Logging.AddProvider(log);
        }, app =>
        {
            Program.MapFeatures(app);
            map(app);
        });
        try
        {
            await app.StartAsync();
            return new RunningServer(app, log);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>What an operator would read if it does not start.</summary>
    public static async Task<string> FailAsync(TestFolder folder, params string[] args)
    {
        try
        {
            await using var server = await StartAsync(folder, args);
            return "It started.";
        }
        catch (Exception exception)
        {
            return StartFailure.Explain(exception);
        }
    }

    public Task<HttpResponseMessage> SendAsync(string method, string path, string? key = null, string? json = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return Http.SendAsync(request);
    }

    /// <summary>The JSON of a successful call.</summary>
    public async Task<JsonNode> JsonAsync(string method, string path, string? key = null, string? json = null)
    {
        using var response = await SendAsync(method, path, key, json);
        return JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
    }

    private static string[] Arguments(TestFolder folder, string[] args) =>
        ["--Urls=http://127.0.0.1:0", $"--TxMsg:Store:ConnectionString=Data Source={folder.Database}", "--Logging:LogLevel:Default=Error", .. args];
}
