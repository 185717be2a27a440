using TxMsg.Contracts.Messages;

namespace TxMsg.Server.Http;

/// <summary>The reasons that people give.</summary>
public static class Reasons
{
    /// <summary>Longest reason, in characters.</summary>
    public const int MaxLength = 1000;

    /// <summary>What the parameter of a call without a body is.</summary>
    public const string QueryDescription = "Why; kept in the audit";

    private static readonly ReasonRequest None = new();

    /// <summary>Notes a reason that is too long.</summary>
    public static void Check(string? reason, FieldErrors errors)
    {
        if (reason?.Length > MaxLength) errors.Add("reason", $"At most {MaxLength} characters.");
    }

    /// <summary>An optional body with nothing but a reason; or null after answering with a problem.</summary>
    /// <remarks>Most verdicts have none: those are not read, and wait for nothing.</remarks>
    public static ValueTask<ReasonRequest?> ReadAsync(HttpContext context) =>
        RequestBody.IsMissing(context.Request) ? new ValueTask<ReasonRequest?>(None) : ReadGivenAsync(context);

    private static async ValueTask<ReasonRequest?> ReadGivenAsync(HttpContext context)
    {
        var request = await RequestBody.ReadAsync(context, WireJson.Default.ReasonRequest, optional: true);
        var errors = new FieldErrors();
        Check(request?.Reason, errors);
        if (errors.IsEmpty) return request;
        await context.ProblemAsync(Problems.InvalidInput(errors));
        return null;
    }

    /// <summary>The reason in the query of a call without a body, if one is given; not good after answering with a problem.</summary>
    public static async ValueTask<(bool IsGood, string? Reason)> OfQueryAsync(HttpContext context)
    {
        var errors = new FieldErrors();
        var reason = QueryText.ReadAll(context.Request.Query, ["reason"], errors).GetValueOrDefault("reason");
        Check(reason, errors);
        if (!errors.IsEmpty) await context.ProblemAsync(Problems.InvalidInput(errors));
        return (errors.IsEmpty, reason);
    }
}
