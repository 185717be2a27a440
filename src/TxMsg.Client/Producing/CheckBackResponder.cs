using System.Data.Common;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using TxMsg.Contracts;
using TxMsg.Contracts.Messages;
using TxMsg.Contracts.Signatures;

namespace TxMsg.Client.Producing;

/// <summary>Answers the coordinator's check-backs from the barrier, whatever serves HTTP. Safe for concurrent use.</summary>
public sealed partial class CheckBackResponder
{
    /// <summary>The largest body that is read, in bytes: 64 KiB.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    // How far the coordinator's clock may be from the one that the rows are stamped by.
    private static readonly TimeSpan PurgeMargin = TimeSpan.FromDays(1);

    private readonly TransactionBarrier barrier;
    private readonly BarrierOptions options;
    private readonly WebhookSecret[] secrets;
    private readonly Func<DbConnection> connect;
    private readonly TimeProvider time;
    private readonly ILogger<CheckBackResponder> logger;

    /// <summary>Answers from a barrier.</summary>
    /// <param name="barrier">The barrier.</param>
    /// <param name="options">Whose messages, under which secrets, from which database.</param>
    /// <param name="time">The clock that signatures are checked by.</param>
    /// <param name="logger">Told of refusals and failures.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message names each wrong value.</exception>
    public CheckBackResponder(TransactionBarrier barrier, BarrierOptions options, TimeProvider time, ILogger<CheckBackResponder> logger)
    {
        var validation = new BarrierOptionsValidator().Validate(null, options);
        if (validation.Failed) throw new ArgumentException(validation.FailureMessage, nameof(options));
        (this.barrier, this.options, this.time, this.logger) = (barrier, options, time, logger);
        connect = options.Connect!;
        secrets = [.. options.Secrets.Select(WebhookSecret.Parse)];
    }

    /// <summary>Verifies a request and answers it.</summary>
    /// <param name="header">The value of a header of the request by its name; null where it is absent.</param>
    /// <param name="body">The body, byte for byte as it was received: one longer than <see cref="MaxBodyBytes"/> is refused, so that no more than one byte beyond need be read.</param>
    /// <param name="cancellationToken">Ends the wait for a local transaction in flight.</param>
    public async Task<CheckBackResult> RespondAsync(Func<string, string?> header, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(header);
        var (request, refusal) = Read(header, body.Span);
        if (request is null)
        {
            LogRefused(refusal!.Status, refusal.Problem!);
            return refusal;
        }

        try
        {
            var answer = await AnswerAsync(request, cancellationToken);
            LogAnswered(request.Id, answer, request.Attempt);
            return CheckBackResult.Answered(answer);
        }
        catch (Exception exception) when (exception is DbException or InvalidOperationException or TimeoutException or IOException)
        {
            // InvalidOperationException: what SqlClient throws when its pool is exhausted.
            LogFailed(request.Id, exception);
            return CheckBackResult.Refused(503, "The producer's database cannot say now.");
        }
    }

    private (CheckBackRequest? Request, CheckBackResult? Refusal) Read(Func<string, string?> header, ReadOnlySpan<byte> body)
    {
        if (body.Length > MaxBodyBytes) return Refuse(413, $"The body is longer than {MaxBodyBytes} bytes.");
        var id = header(HeaderNames.WebhookId);
        var verification = WebhookSignature.Verify(
            header(HeaderNames.WebhookSignature), id, header(HeaderNames.WebhookTimestamp), body, secrets, options.Tolerance, time);
        if (verification != WebhookVerification.Valid) return Refuse(401, $"The signature does not count: {verification}.");
        CheckBackRequest? request;
        try
        {
            request = JsonSerializer.Deserialize(body, CheckBackJson.Default.CheckBackRequest);
        }
        catch (JsonException)
        {
            // Its message may repeat what was sent, and goes to the caller.
            return Refuse(400, "The body is not a check-back request.");
        }

        if (request is null || request.Id == Guid.Empty || request.Attempt < 1) return Refuse(400, "The body is not a check-back request.");
        if (!Guid.TryParse(id, out var signedId) || signedId != request.Id) return Refuse(400, "The webhook id is not the message's.");
        return request.Producer == options.Producer ? (request, null) : Refuse(403, "The message is another producer's.");

        static (CheckBackRequest?, CheckBackResult?) Refuse(int status, string problem) => (null, CheckBackResult.Refused(status, problem));
    }

    private async Task<CheckBackAnswer> AnswerAsync(CheckBackRequest request, CancellationToken cancellationToken)
    {
        await using var connection = connect();
        await connection.OpenAsync(cancellationToken);
        if (time.GetUtcNow() - request.PreparedAt < options.RetainFor - PurgeMargin)
            return await barrier.AnswerAsync(connection, request.Id, options.Wait, cancellationToken);

        // Its row may have been purged: that there is none says nothing about the local transaction.
        LogTooOld(request.Id, request.PreparedAt);
        return await barrier.RecallAsync(connection, request.Id, options.Wait, cancellationToken);
    }
}
