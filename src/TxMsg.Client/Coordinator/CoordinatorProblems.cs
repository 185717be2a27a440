using System.Text.Json;

namespace TxMsg.Client.Coordinator;

/// <summary>From the coordinator's error answers to exceptions and results.</summary>
internal static class CoordinatorProblems
{
    public static CoordinatorRefusedException Refusal(CoordinatorCall call, Uri address, int status, byte[] body)
    {
        var problem = Read(body);
        if (status == 409 && problem?.Verdict is { } recorded && call.MessageId is { } id) return new VerdictConflictException(id, recorded, Sentence(problem)!);
        return new CoordinatorRefusedException(status, Sentence(problem) ?? $"{address} refused the call {call.Name} with status {status}, and not in the coordinator's words.", problem?.Errors);
    }

    public static MessageResult Result(Guid id, BatchItemAnswer answer)
    {
        var result = new MessageResult(id, answer.Status, answer.State, Sentence(answer.Problem));
        return answer.Problem?.Errors is { } errors ? result with { Errors = errors } : result;
    }

    // Null for none.
    private static string? Sentence(ProblemAnswer? problem) => problem?.Detail ?? problem?.Title;

    private static ProblemAnswer? Read(byte[] body)
    {
        try
        {
            return body.Length == 0 ? null : JsonSerializer.Deserialize(body, ClientJson.Default.ProblemAnswer);
        }
        catch (JsonException)
        {
            // Something between here and the coordinator refused in words of its own; the status says enough.
            return null;
        }
    }
}
