using System.Net;
using TxMsg.Server.Observability;

namespace TxMsg.Server.Access;

/// <summary>Says that somebody was refused, at most once a minute for each reason: who guesses keys must not fill the disk.</summary>
internal sealed partial class RefusalLog(TimeProvider time, ILogger<RefusalLog> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private readonly LogThrottle unknownKeys = new(Interval, time);
    private readonly LogThrottle outsiders = new(Interval, time);
    private readonly LogThrottle signIns = new(Interval, time);
    private readonly LogThrottle forgeries = new(Interval, time);

    /// <summary>A request carried a key that nobody has.</summary>
    public void UnknownKey(IPAddress? address)
    {
        if (unknownKeys.TryTake(out var count)) LogUnknownKey(count, address);
    }

    /// <summary>A request was refused in <c>Loopback</c> mode.</summary>
    public void Outsider(IPAddress? address, string reason)
    {
        if (outsiders.TryTake(out var count)) LogOutsider(count, address, reason);
    }

    /// <summary>Somebody tried to sign in with a wrong key.</summary>
    public void WrongSignIn(IPAddress? address)
    {
        if (signIns.TryTake(out var count)) LogWrongSignIn(count, address);
    }

    /// <summary>What only a page here may send came without its token, or with one that is not valid.</summary>
    public void NotFromAPage(IPAddress? address)
    {
        if (forgeries.TryTake(out var count)) LogNotFromAPage(count, address);
    }

    [LoggerMessage(4101, LogLevel.Warning, "Requests with an unknown key: {Count}; the last from {Address}")]
    private partial void LogUnknownKey(int count, IPAddress? address);

    [LoggerMessage(4102, LogLevel.Warning, "Requests refused in Loopback mode: {Count}; the last from {Address}: {Reason}")]
    private partial void LogOutsider(int count, IPAddress? address, string reason);

    [LoggerMessage(4103, LogLevel.Warning, "Attempts to sign in with a wrong key: {Count}; the last from {Address}")]
    private partial void LogWrongSignIn(int count, IPAddress? address);

    [LoggerMessage(4104, LogLevel.Warning, "Forms and calls of pages without a valid anti-forgery token: {Count}; the last from {Address}")]
    private partial void LogNotFromAPage(int count, IPAddress? address);
}
