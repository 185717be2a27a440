using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using TxMsg.Server.Access;
using TxMsg.Server.Hosting.Configuration;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Hosting;

/// <summary>Starts the server, runs it until it is asked to stop, and says in one line why it could not start.</summary>
public static class ServerHost
{
    // They log a failed start with its stack before anyone can put it in a line.
    private static readonly string[] LoudAtStart = ["Microsoft.Extensions.Hosting.Internal.Host", "Microsoft.AspNetCore.DataProtection.KeyManagement"];
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Runs the server; returns the exit code of the process.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="addFeatures">Registers the features.</param>
    /// <param name="mapFeatures">Maps their endpoints.</param>
    public static async Task<int> RunAsync(string[] args, Action<WebApplicationBuilder> addFeatures, Action<WebApplication> mapFeatures)
    {
        if (CommandLine.AsksForVersion(args)) return Print(output => output.WriteLine(StartReport.Version));
        if (CommandLine.AsksForHelp(args)) return Print(output => UsageText.Print(output, SectionsOf(addFeatures)));
        WebApplication? app = null;
        var isBroken = false;
        try
        {
            app = Build(args, addFeatures, mapFeatures);
            var services = app.Services;
            app.Lifetime.ApplicationStopping.Register(() => isBroken = HasBrokenPart(services));
            await app.StartAsync();
        }
        catch (OperationCanceledException) when (app?.Lifetime.ApplicationStopping.IsCancellationRequested == true)
        {
            // Asked to stop before it had started.
            await app.DisposeAsync();
            return isBroken ? 1 : 0;
        }
        catch (Exception exception)
        {
            await Console.Error.WriteLineAsync(StartFailure.Explain(exception));
            if (app is not null) await app.DisposeAsync();
            return 1;
        }

        await using (app)
        {
            if (OperatingSystem.IsLinux()) SocketThreads.LetWait(app.Logger);
            app.Services.GetRequiredService<StartReport>().Print(Console.Out);
            await app.WaitForShutdownAsync();
        }

        return isBroken ? 1 : 0;
    }

    /// <summary>The application with its features, not started.</summary>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder> addFeatures, Action<WebApplication> mapFeatures)
    {
        CommandLine.Check(args);
        var builder = CreateBuilder(args);
        addFeatures(builder);
        var app = builder.Build();
        // All that is wrong at once, before a part that is mapped trips over the first of it.
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        mapFeatures(app);
        return app;
    }

    // The host stops when a part of it fails, as if it had been asked to. Who restarts it on failure must be able to tell the two apart.
    private static bool HasBrokenPart(IServiceProvider services) =>
        services.GetServices<IHostedService>().OfType<BackgroundService>().Any(service => service.ExecuteTask is { IsFaulted: true });

    // An empty builder: nothing is configured, logged or served that does not stand here.
    private static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(ServerHost).Assembly.GetName().Name });
        DefaultConfiguration.AddTo(builder.Configuration, args);
        AddLogging(builder);
        builder.WebHost.UseKestrel();
        builder.Services.AddRouting();
        // Nodes that share a store must agree on the time, so theirs is the machine's. It is made before the options are checked.
        builder.Services.AddSingleton<TimeProvider>(provider =>
            provider.GetRequiredService<UncheckedOptions<StoreOptions>>().Read().Provider == StoreProvider.Sqlite ? new SteadyClock(TimeProvider.System, provider.GetRequiredService<ILogger<SteadyClock>>()) : TimeProvider.System);
        builder.Services.AddSingleton<IConfigureOptions<KestrelServerOptions>, KestrelSetup>();
        builder.Services.AddSingleton<IValidateOptions<AccessOptions>, ListenAddresses>();
        builder.Services.AddSingleton<IValidateOptions<ForeignConfiguration>, KestrelCertificates>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddSingleton<StartReport>();
        return builder;
    }

    private static void AddLogging(WebApplicationBuilder builder)
    {
        var keys = new LoggingKeys(builder.Configuration);
        builder.Services.AddSingleton<IValidateOptions<ForeignConfiguration>>(keys).AddOptions<ForeignConfiguration>().ValidateOnStart();
        // The host could not even be built with a level that there is not.
        if (!keys.WrongLevels().Any()) builder.Logging.AddConfiguration(builder.Configuration.GetSection(LoggingKeys.Section));
        builder.Logging.AddConsole();
        IHostApplicationLifetime? lifetime = null;
        builder.Services.AddSingleton<IConfigureOptions<LoggerFilterOptions>>(provider => new ConfigureOptions<LoggerFilterOptions>(filters =>
        {
            foreach (var category in LoudAtStart) filters.AddFilter(category, level => level >= LogLevel.Error && HasStarted(provider));
        }));

        bool HasStarted(IServiceProvider provider) =>
            (lifetime ??= provider.GetRequiredService<IHostApplicationLifetime>()).ApplicationStarted.IsCancellationRequested;
    }

    private static OptionsSection[] SectionsOf(Action<WebApplicationBuilder> addFeatures)
    {
        var builder = CreateBuilder([]);
        addFeatures(builder);
        return builder.Services.Select(service => service.ImplementationInstance).OfType<OptionsSection>().ToArray();
    }

    private static int Print(Action<TextWriter> print)
    {
        print(Console.Out);
        return 0;
    }
}
