using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NUnit.Framework;
using TxMsg.Server.Hosting;

namespace TxMsg.Server.Tests.Hosting;

public sealed class ServerHostTests
{
    [Test]
    public async Task RunAsync_WhenAPartFails_EndsAsAFailure_SoThatItIsStartedAgain() =>
        (await RunAsync(_ => throw new InvalidOperationException("the test's"))).Should().NotBe(0, "systemd restarts on failure only");

    [Test]
    public async Task RunAsync_WhenItIsAskedToStop_EndsWell() =>
        (await RunAsync(lifetime => lifetime.StopApplication())).Should().Be(0);

    private static async Task<int> RunAsync(Action<IHostApplicationLifetime> end)
    {
        using var folder = new TestFolder();
        string[] args = ["--Urls=http://127.0.0.1:0", $"--TxMsg:Store:ConnectionString=Data Source={folder.Database}", "--Logging:LogLevel:Default=None"];
        return await ServerHost.RunAsync(
            args,
            builder =>
            {
                Program.AddFeatures(builder);
                builder.Services.AddHostedService(provider => new Ending(provider.GetRequiredService<IHostApplicationLifetime>(), end));
            },
            Program.MapFeatures);
    }

    /// <summary>A part that ends the server once it has started.</summary>
    private sealed class Ending(IHostApplicationLifetime lifetime, Action<IHostApplicationLifetime> end) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
            await started.Task.WaitAsync(stoppingToken);
            end(lifetime);
        }
    }
}
