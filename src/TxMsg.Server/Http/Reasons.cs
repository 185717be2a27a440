using TxMsg.Contracts.Messages;

namespace TxMsg.Server.Http;

/// <summary>The reasons that people give.</summary>
public static class Reasons
{
    /// <summary>Longest reason, in characters.</summary>
    public const int MaxLength = 1000;

    /// <summary>Notes a reason that is too long.</summary>
    public static void Check(string? reason, FieldErrors errors)
    {
        if (reason?.Length > MaxLength) errors.Add("reason", $"At most {MaxLength} characters.");
    }

    /// <summary>An optional body with nothing but a reason; or null after answering with a problem.</summary>
    public static async ValueTask<ReasonRequest?> ReadAsync(HttpContext context)
    {
        var request = await RequestBody.ReadAsync(context, WireJson.Default.ReasonRequest, optional: true);
        var errors = new FieldErrors();
        Check(request?.Reason, errors);
        if (errors.IsEmpty) return request;
        await context.ProblemAsync(Problems.InvalidInput(errors));
        return null;
    }
}
