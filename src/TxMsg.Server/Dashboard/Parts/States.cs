namespace TxMsg.Server.Dashboard.Parts;

/// <summary>States as coloured labels that also say their name.</summary>
internal static class States
{
    /// <summary>The label of a state of a message, a delivery, a subscription, a circuit or a bulk action, by its name in the API.</summary>
    /// <param name="request">Who reads it.</param>
    /// <param name="state">The state.</param>
    /// <param name="kind">What its texts begin with: a circuit that is open is no open state.</param>
    public static Html Label(PageRequest request, string state, string kind = "State") =>
        Html.Of($"""<span class="txmsg-state txmsg-state-{Colour(state)}" data-state="{state}">{request.Texts.Named(kind, state)}</span>""");

    /// <summary>A state's name in the reader's language.</summary>
    public static string Name(PageRequest request, string state) => request.Texts.Named("State", state);

    private static string Colour(string state) => state switch
    {
        "committed" or "delivered" or "active" or "alive" or "closed" or "finished" => "good",
        "prepared" or "pending" or "leased" or "waiting" or "running" or "halfOpen" => "under-way",
        "parked" or "deadLettered" or "open" or "failed" or "silent" => "bad",
        _ => "over",
    };
}
