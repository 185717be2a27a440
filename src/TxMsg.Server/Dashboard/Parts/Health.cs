using TxMsg.Contracts.Registration;

namespace TxMsg.Server.Dashboard.Parts;

/// <summary>How an endpoint has answered lately.</summary>
internal static class Health
{
    /// <summary>In a line of a table: the circuit and the part that failed.</summary>
    public static Html Short(PageRequest request, EndpointHealth? health) => health is null
        ? Html.Empty
        : Html.Of($"""{Circuit(request, health)} <span class="txmsg-soft">{Rate(request, health)}</span>""");

    /// <summary>All that is known, as facts.</summary>
    public static (string Name, Html Value)[] Facts(PageRequest request, EndpointHealth? health) => health is null
        ? []
        :
        [
            (request.Texts["Health_Circuit"], Circuit(request, health)),
            (request.Texts["Health_Rate"], Html.Of($"{Rate(request, health)}")),
            (request.Texts["Health_LastSuccess"], Past(request, health.LastSuccessAt)),
            (request.Texts["Health_LastFailure"], Html.Of($"{Past(request, health.LastFailureAt)} {health.LastStatus} {Lists.Foreign(health.LastError)}")),
        ];

    /// <summary>A time with its age; or that it never was.</summary>
    public static Html Past(PageRequest request, DateTimeOffset? at) => at is { } time
        ? Moments.AtAndAgo(request, time)
        : Html.Of($"""<span class="txmsg-none">{request.Texts["Health_Never"]}</span>""");

    private static Html Circuit(PageRequest request, EndpointHealth health) => Html.Of($"""
        {States.Label(request, health.Circuit, "Circuit")}{Html.If(health.OpenUntil is not null, () => Html.Of($" {request.Texts["Health_Until"]} {Moments.At(health.OpenUntil)}"))}
        """);

    private static string Rate(PageRequest request, EndpointHealth health) => health.AttemptsLastHour == 0
        ? request.Texts["Health_NoAttempts"]
        : request.Texts.Format("Health_Failures", health.FailuresLastHour, health.AttemptsLastHour, Math.Round(100 * (health.FailureRate ?? 0), 1));
}
