using TxMsg.Contracts.Registration;
using TxMsg.Contracts.Signatures;
using TxMsg.Server.Http;
using TxMsg.Server.Transactions;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Producers;

/// <summary>What a producer may be made of.</summary>
public sealed class ProducerRules(EndpointRules endpoints)
{
    /// <summary>Longest time to ask an unreachable producer, in seconds: a year.</summary>
    public const double MaxGiveUpAfterSeconds = 31_536_000;

    /// <summary>What is wrong, by field.</summary>
    public FieldErrors Check(string name, ProducerRequest request)
    {
        var errors = new FieldErrors();
        if (Names.Check(name) is { } wrong) errors.Add("name", wrong);
        if (!endpoints.TryParse(request.CheckBackUrl, out _, out var error)) errors.Add("checkBackUrl", error);
        PrepareRules.CheckSeconds("checkBackAfterSeconds", request.CheckBackAfterSeconds, 0.001, PrepareRules.MaxCheckBackAfterSeconds, errors);
        PrepareRules.CheckSeconds("giveUpAfterSeconds", request.GiveUpAfterSeconds, 0.001, MaxGiveUpAfterSeconds, errors);
        if (request.MaxUnknownAnswers is < 1 or > 10_000) errors.Add("maxUnknownAnswers", "A whole number from 1 to 10000.");
        CheckSecret(request.Secret, errors);
        Reasons.Check(request.Reason, errors);
        return errors;
    }

    /// <summary>Notes what is wrong with a secret, never the secret.</summary>
    public static void CheckSecret(string? secret, FieldErrors errors)
    {
        if (secret is not null && !WebhookSecret.TryParse(secret, out _, out var reason)) errors.Add("secret", reason);
    }
}
