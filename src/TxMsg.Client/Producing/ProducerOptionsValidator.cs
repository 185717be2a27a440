using System.Buffers;
using Microsoft.Extensions.Options;
using TxMsg.Client.Coordinator;

namespace TxMsg.Client.Producing;

/// <summary>Names every wrong value of a producer's options.</summary>
internal sealed class ProducerOptionsValidator : IValidateOptions<ProducerOptions>
{
    private const int MaxNameLength = 128;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public ValidateOptionsResult Validate(string? name, ProducerOptions options)
    {
        var problems = Problems(options).Concat(options.ToCoordinator().Problems(nameof(options.Coordinators))).Concat(BarrierProblems(options.ToBarrier()))
            .Select(problem => $"{nameof(ProducerOptions)}.{problem}").ToArray();
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(ProducerOptions options)
    {
        if (options.Name is not { Length: > 0 and <= MaxNameLength } || options.Name.AsSpan().ContainsAnyExcept(NameCharacters))
            yield return $"{nameof(options.Name)}: '{options.Name}' is not 1 to {MaxNameLength} letters, digits, '.', '_' and '-'.";
        if (options.VerdictTimeout <= TimeSpan.Zero || options.VerdictTimeout > TimeSpan.FromHours(1))
            yield return $"{nameof(options.VerdictTimeout)}: {options.VerdictTimeout} is not more than 0 and at most 1 hour.";
        foreach (var problem in RegistrationProblems(options)) yield return problem;
    }

    private static IEnumerable<string> RegistrationProblems(ProducerOptions options)
    {
        if (options.CheckBackUrl is { } url && !(url is { IsAbsoluteUri: true, Scheme: "http" or "https" }))
            yield return $"{nameof(options.CheckBackUrl)}: '{url}' is not an absolute http or https URL.";
        if (options.CheckBackAfter is { } after && (after <= TimeSpan.Zero || after > TimeSpan.FromDays(30)))
            yield return $"{nameof(options.CheckBackAfter)}: {after} is not more than 0 and at most 30 days.";
        if (options.MaxUnknownAnswers is < 1 or > 10_000) yield return $"{nameof(options.MaxUnknownAnswers)}: {options.MaxUnknownAnswers} is not 1 to 10000.";
        if (options.GiveUpAfter is { } limit && (limit <= TimeSpan.Zero || limit > TimeSpan.FromDays(365)))
            yield return $"{nameof(options.GiveUpAfter)}: {limit} is not more than 0 and at most 365 days.";
        if (options.RegisterAtStart && options.CheckBackUrl is null) yield return $"{nameof(options.CheckBackUrl)}: required to register at start.";
    }

    // The name is checked here already, and more strictly; secrets and connection are given here, the rest under CheckBacks.
    private static IEnumerable<string> BarrierProblems(BarrierOptions options) =>
        (new BarrierOptionsValidator().Validate(null, options).Failures ?? [])
        .Where(failure => !Names(failure, nameof(options.Producer)))
        .Select(failure => Names(failure, nameof(options.Secrets)) || Names(failure, nameof(options.Connect)) ? failure : $"{nameof(ProducerOptions.CheckBacks)}.{failure}");

    private static bool Names(string failure, string option) => failure.StartsWith(option, StringComparison.Ordinal);
}
