using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TxMsg.Contracts.Signatures;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Tests.Webhooks;

/// <summary>Senders and requests with what the tests do not care about filled in.</summary>
internal static class Sending
{
    public static readonly WebhookSecret Secret = WebhookSecret.Generate();

    /// <summary>More than any test needs that is not about the deadline.</summary>
    public static readonly TimeSpan Ample = TimeSpan.FromSeconds(30);

    /// <summary>Long enough for a busy machine to connect, short enough to wait for.</summary>
    public static readonly TimeSpan Short = TimeSpan.FromMilliseconds(500);

    public static WebhookSender Sender(bool allowLoopback = true, TimeProvider? time = null, WebhookOptions? options = null) => new(
        Options.Create(options ?? new WebhookOptions()),
        new AddressPolicy([], allowLoopback),
        time ?? TimeProvider.System,
        NullLogger<WebhookSender>.Instance);

    public static WebhookRequest Request(
        Uri endpoint, TimeSpan timeout, bool wantsBody = false, params WebhookHeader[] headers) => new()
        {
            Endpoint = endpoint,
            Id = "0197f5a4-0000-7000-8000-000000000001",
            Body = "{\"order\":1}"u8.ToArray(),
            ContentType = "application/json",
            Headers = headers,
            Secrets = [Secret],
            Timeout = timeout,
            WantsBody = wantsBody,
        };

    public static async Task<WebhookResult> SendAsync(Uri endpoint, TimeSpan timeout, bool wantsBody = false)
    {
        using var sender = Sender();
        return await sender.SendAsync(Request(endpoint, timeout, wantsBody), CancellationToken.None);
    }
}
