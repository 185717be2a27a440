using System.Buffers;
using TxMsg.Client.Coordinator;
using TxMsg.Contracts.Registration;
using TxMsg.Contracts.Signatures;

namespace TxMsg.Client.Testing;

/// <summary>What producers and subscriptions may be made of: the coordinator's rules. Which networks may be called is a server's own affair.</summary>
internal static class RegistryRules
{
    private const int MaxNameLength = 128;
    private const int MaxUrlLength = 2048;
    private const int MaxListLength = 100;
    private const int MaxReasonLength = 1000;
    private const double MaxSeconds = 31_536_000;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static void Check(string name, ProducerRequest request)
    {
        var errors = new FieldErrors();
        CheckName(name, errors);
        CheckUrl("checkBackUrl", request.CheckBackUrl, errors);
        MessageRules.CheckSeconds("checkBackAfterSeconds", request.CheckBackAfterSeconds, 0.001, 2_592_000, errors);
        MessageRules.CheckSeconds("giveUpAfterSeconds", request.GiveUpAfterSeconds, 0.001, MaxSeconds, errors);
        errors.AddIf(request.MaxUnknownAnswers is < 1 or > 10_000, "maxUnknownAnswers", "A whole number from 1 to 10000.");
        CheckSecret(request.Secret, errors);
        errors.AddIf(request.Reason?.Length > MaxReasonLength, "reason", $"At most {MaxReasonLength} characters.");
        if (!errors.IsEmpty) throw errors.ToRefusal();
    }

    public static void Check(string name, SubscriptionRequest request)
    {
        var errors = new FieldErrors();
        CheckName(name, errors);
        MessageRules.CheckTopic(request.Topic, errors);
        CheckUrl("endpoint", request.Endpoint, errors);
        errors.AddIf(request.Tags?.Count > MaxListLength, "tags", $"At most {MaxListLength} tags.");
        foreach (var (place, tag) in Numbered(request.Tags)) MessageRules.CheckText($"tags[{place}]", tag, errors);
        errors.AddIf(request.MaxConcurrency is < 1 or > 1000, "maxConcurrency", "A whole number from 1 to 1000.");
        MessageRules.CheckSeconds("timeoutSeconds", request.TimeoutSeconds, 0.1, 300, errors);
        errors.AddIf(request.RetryScheduleSeconds?.Count > MaxListLength, "retryScheduleSeconds", $"At most {MaxListLength} delays.");
        foreach (var (place, delay) in Numbered(request.RetryScheduleSeconds))
            MessageRules.CheckSeconds($"retryScheduleSeconds[{place}]", delay, 0, 604_800, errors);
        CheckSecret(request.Secret, errors);
        errors.AddIf(request.Reason?.Length > MaxReasonLength, "reason", $"At most {MaxReasonLength} characters.");
        if (!errors.IsEmpty) throw errors.ToRefusal();
    }

    private static IEnumerable<(int Place, T Item)> Numbered<T>(IReadOnlyList<T>? items) => (items ?? []).Take(MaxListLength).Select((item, place) => (place, item));

    private static void CheckName(string name, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(name)) errors.Add("name", "This field is required.");
        else if (name.Length > MaxNameLength) errors.Add("name", $"At most {MaxNameLength} characters.");
        else errors.AddIf(name.AsSpan().ContainsAnyExcept(NameCharacters), "name", "Only letters, digits, '.', '_' and '-'.");
    }

    private static void CheckSecret(string? secret, FieldErrors errors)
    {
        if (secret is not null && !WebhookSecret.TryParse(secret, out _, out var reason)) errors.Add("secret", reason);
    }

    private static void CheckUrl(string field, string? url, FieldErrors errors)
    {
        if (WrongWith(url) is { } wrong) errors.Add(field, wrong);
    }

    private static string? WrongWith(string? url) => url switch
    {
        null or "" => "It is empty.",
        { Length: > MaxUrlLength } => $"It is longer than {MaxUrlLength} characters.",
        _ when url.AsSpan().ContainsAny('\\', ' ') || url.Any(char.IsControl) => "It contains a space, a backslash or a control character.",
        _ when url.Contains('#', StringComparison.Ordinal) => "It has a fragment.",
        _ when !Uri.TryCreate(url, UriKind.Absolute, out var read) || read.Scheme is not ("http" or "https") || read.IdnHost.Length == 0 => "It is not an absolute http or https URL.",
        _ => WrongWith(new Uri(url)),
    };

    private static string? WrongWith(Uri url) => url switch
    {
        { UserInfo.Length: > 0 } => "It has user info; receivers check the signature instead.",
        { AbsoluteUri.Length: > MaxUrlLength } => $"It is longer than {MaxUrlLength} characters once it is encoded.",
        { Port: 0 } => "Its port is 0.",
        _ => null,
    };
}
