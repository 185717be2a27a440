using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TxMsg.Client.Consuming;

namespace TxMsg.Client.Tests.Consuming;

/// <summary>An application that consumes, on Kestrel and a real port.</summary>
internal sealed class ConsumerApp : IAsyncDisposable
{
    private ConsumerApp(WebApplication app)
    {
        App = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public WebApplication App { get; }

    public HttpClient Client { get; }

    public static async Task<ConsumerApp> StartAsync(Action<ConsumerOptions>? configure, Action<WebApplication> map, Action<IServiceCollection>? services = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddTxMsgConsumer(options =>
        {
            options.Secrets.Add(SignedDelivery.Secret.Reveal());
            configure?.Invoke(options);
        });
        services?.Invoke(builder.Services);
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return new ConsumerApp(app);
    }

    public Task<HttpResponseMessage> SendAsync(SignedDelivery delivery, string path = "/stock") => Client.SendAsync(delivery.ToHttp(path));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
    }
}
