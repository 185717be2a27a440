using Microsoft.Extensions.Options;
using TxMsg.Server.Http;
using TxMsg.Server.Producers;
using TxMsg.Server.Subscriptions;

namespace TxMsg.Server.Hosting.Declarations;

/// <summary>Holds declarations to the rules of the calls, and names the key of what is wrong.</summary>
internal sealed class DeclarationValidator(ProducerRules producers, SubscriptionRules subscriptions) : IValidateOptions<DeclarationOptions>
{
    public ValidateOptionsResult Validate(string? name, DeclarationOptions options)
    {
        var failures = options.Producers.SelectMany((item, i) => Lines("Producers", i, producers.Check(item.Name ?? "", item.ToRequest())))
            .Concat(options.Subscriptions.SelectMany((item, i) => Lines("Subscriptions", i, subscriptions.Check(item.Name ?? "", item.ToRequest()))))
            .Concat(Twice("Producers", options.Producers.Select(item => item.Name)))
            .Concat(Twice("Subscriptions", options.Subscriptions.Select(item => item.Name)))
            .ToArray();
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Lines(string list, int index, FieldErrors errors) =>
        errors.ByField.Select(error => $"{DeclarationOptions.Section}:{list}:{index}:{KeyOf(error.Key)}: {string.Join(" ", error.Value)}");

    private static IEnumerable<string> Twice(string list, IEnumerable<string?> names) => names
        .Select((name, i) => (Name: name, Index: i)).GroupBy(item => item.Name, StringComparer.Ordinal).Where(group => group.Count() > 1)
        .Select(group => $"{DeclarationOptions.Section}:{list}:{group.Last().Index}:Name: {group.Key} is declared twice.");

    // The wire's retryScheduleSeconds[2] is the key RetryScheduleSeconds:2.
    private static string KeyOf(string field) =>
        char.ToUpperInvariant(field[0]) + field[1..].Replace('[', ':').Replace("]", "", StringComparison.Ordinal);
}
