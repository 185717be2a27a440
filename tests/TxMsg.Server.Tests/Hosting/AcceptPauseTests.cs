using System.Net.Sockets;
using System.Runtime.CompilerServices;
using FluentAssertions;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using TxMsg.Server.Hosting;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Hosting;

public sealed class AcceptPauseTests
{
    private KeptLog log = null!;
    private ILoggerFactory loggers = null!;
    private ApplicationLifetime lifetime = null!;
    private AcceptPause pause = null!;

    [SetUp]
    public Task StartAsync()
    {
        log = new KeptLog();
        loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        lifetime = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        pause = new AcceptPause(lifetime, TimeProvider.System, loggers.CreateLogger<AcceptPause>()) { Pause = Timeout.InfiniteTimeSpan };
        return pause.StartAsync(CancellationToken.None);
    }

    [TearDown]
    public async Task StopAsync()
    {
        lifetime.StopApplication();
        await pause.StopAsync(CancellationToken.None);
        log.Dispose();
        loggers.Dispose();
    }

    [Test]
    public async Task Accepting_WithoutAHandleForIt_WaitsAndIsSaidOnce()
    {
        var accepting = Task.Run(() => Catch(() => SocketConnectionListener.Accept(SocketError.TooManyOpenSockets)));

        await Eventually.HoldsAsync(() => log.Entries.Should().NotBeEmpty());
        accepting.IsCompleted.Should().BeFalse("it waits before it tries again");
        lifetime.StopApplication();
        await accepting;
        Catch(() => SocketConnectionListener.Accept(SocketError.TooManyOpenSockets));

        log.Entries.Should().ContainSingle().Which.Should().Contain("no handle").And.Contain("ulimit -n");
    }

    [Test]
    public void Accepting_ThatFailsForAnotherReason_GoesOnAtOnce()
    {
        Catch(() => SocketConnectionListener.Accept(SocketError.ConnectionReset));

        log.Entries.Should().BeEmpty();
    }

    [Test]
    public void Connecting_WithoutAHandleForIt_FailsAtOnce()
    {
        Catch(() => throw new SocketException((int)SocketError.TooManyOpenSockets));

        log.Entries.Should().BeEmpty();
    }

    private static void Catch(Action action) => action.Should().Throw<SocketException>();

    /// <summary>Named as Kestrel's, by which it is known.</summary>
    private static class SocketConnectionListener
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void Accept(SocketError error) => throw new SocketException((int)error);
    }
}
