using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Tests.Hosted;

/// <summary>The whole server in this process, on a socket, with SQLite in a folder of its own.</summary>
internal sealed class TestCoordinator : WebApplicationFactory<Program>
{
    private readonly TestFolder folder = new();
    private readonly (string Key, string Value)[] settings;

    private TestCoordinator((string Key, string Value)[] settings)
    {
        this.settings = settings;
        UseKestrel(0);
    }

    public HttpClient Http { get; private set; } = null!;

    public static TestCoordinator Start(params (string Key, string Value)[] settings)
    {
        var coordinator = new TestCoordinator(settings);
        coordinator.StartServer();
        coordinator.Http = coordinator.CreateClient();
        return coordinator;
    }

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public async Task RegisterAsync(string producer, string subscription, string topic, Uri endpoint)
    {
        (await Http.PutAsJsonAsync($"/v1/producers/{producer}", new { checkBackUrl = endpoint, checkBackAfterSeconds = 3600 })).EnsureSuccessStatusCode();
        (await Http.PutAsJsonAsync($"/v1/subscriptions/{subscription}", new { topic, endpoint })).EnsureSuccessStatusCode();
    }

    public async Task<string> PrepareAsync(string producer, string topic, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages") { Content = JsonContent.Create(new { producer, topic, payload = 1 }) };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await Http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    public async Task CommitAsync(string id) => (await Http.PostAsync($"/v1/messages/{id}/commit", null)).EnsureSuccessStatusCode();

    /// <summary>Runs a statement behind the server's back.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await Get<StoreDatabase>().OpenConnectionAsync(CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("TxMsg:Store:ConnectionString", folder.ConnectionString);
        foreach (var (key, value) in settings) builder.UseSetting(key, value);
        builder.ConfigureLogging(logging => logging.AddFilter(null, LogLevel.None));
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) folder.Dispose();
    }
}
