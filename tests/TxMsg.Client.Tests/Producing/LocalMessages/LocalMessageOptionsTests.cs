using System.Diagnostics.Metrics;
using FluentAssertions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using NUnit.Framework;
using TxMsg.Client.Coordinator;
using TxMsg.Client.Producing.LocalMessages;

namespace TxMsg.Client.Tests.Producing.LocalMessages;

/// <summary>How the local message table is set up.</summary>
public sealed class LocalMessageOptionsTests
{
    [Test]
    public void WrongValues_AreEachNamed()
    {
        var options = new LocalMessageOptions
        {
            MaxPayloadBytes = 0,
            BatchSize = 0,
            PollInterval = TimeSpan.Zero,
            Lease = TimeSpan.FromDays(1),
            MinBackoff = TimeSpan.FromMinutes(2),
            MaxFailures = 0,
            AlarmAfter = TimeSpan.Zero,
            SentRetention = TimeSpan.FromDays(-1),
        };
        string[] names = ["Producer", "Connection", "MaxPayloadBytes", "BatchSize", "PollInterval", "Lease", "MaxBackoff", "MaxFailures", "AlarmAfter", "SentRetention"];
        var failures = new LocalMessageOptionsValidator().Validate(null, options).Failures!.ToArray();
        failures.Select(failure => failure.Split(' ')[0]).Should().Equal(names.Select(name => $"LocalMessageOptions.{name}"));
    }

    [Test]
    public async Task WrongValue_IsRefusedWhenTheServiceStarts()
    {
        using var host = BuildHost(options => options.BatchSize = 1001);
        var start = async () => await host.StartAsync();
        (await start.Should().ThrowAsync<OptionsValidationException>()).WithMessage("*LocalMessageOptions.BatchSize '1001'*");
    }

    [Test]
    public async Task Service_EnqueuesAfterItsStart_AndShowsWhatIsSentAndWaits()
    {
        var file = Path.Combine(Path.GetTempPath(), $"txmsg-client-{Guid.NewGuid():N}.db");
        var coordinator = new RecordingCoordinator();
        using var host = BuildHost(options => options.Connection = () => new SqliteConnection($"Data Source={file};Pooling=False"), coordinator);
        var measured = new Dictionary<string, double>();
        using var listener = ListenTo(host.Services.GetRequiredService<IMeterFactory>(), measured);
        await host.StartAsync();
        await using (var connection = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await host.Services.GetRequiredService<LocalMessageTable>().EnqueueAsync(transaction, new Message("t", default));
            await transaction.CommitAsync();
        }

        string[] names = ["sent", "unsent", "stuck", "oldest_age_seconds"];
        for (var attempt = 0; attempt < 500 && (measured.GetValueOrDefault("txmsg_client_local_messages_sent") < 1 || measured.Count < names.Length); attempt++)
        {
            await Task.Delay(20);
            listener.RecordObservableInstruments();
        }

        await host.StopAsync();
        File.Delete(file);
        coordinator.Taken.Should().ContainSingle();
        measured.Keys.Should().Contain(names.Select(name => $"txmsg_client_local_messages_{name}"));
        measured["txmsg_client_local_messages_sent"].Should().Be(1);
    }

    private static IHost BuildHost(Action<LocalMessageOptions> configure, RecordingCoordinator? coordinator = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<ICoordinatorClient>(coordinator ?? new RecordingCoordinator());
        builder.Services.AddLocalMessages();
        builder.Services.Configure<LocalMessageOptions>(options =>
        {
            options.Producer = "shop";
            options.Connection = () => new SqliteConnection("Data Source=:memory:");
            configure(options);
        });
        return builder.Build();
    }

    private static MeterListener ListenTo(IMeterFactory meters, Dictionary<string, double> measured)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "TxMsg.Client" && instrument.Meter.Scope == meters) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument, value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(instrument, value));
        listener.Start();
        return listener;

        void Add(Instrument instrument, double value)
        {
            lock (measured) measured[instrument.Name] = instrument is Counter<long> ? measured.GetValueOrDefault(instrument.Name) + value : value;
        }
    }
}
