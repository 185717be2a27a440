using TxMsg.Contracts.Operations;
using TxMsg.Server.Dashboard.Parts;

namespace TxMsg.Server.Dashboard.Undecided;

/// <summary>What waits for the verdicts of each producer.</summary>
internal static class UndecidedSummary
{
    /// <summary>A line for each producer that something waits for; its numbers lead to its messages.</summary>
    public static Html Of(PageRequest request, IReadOnlyList<UndecidedProducer> producers) => Html.Of($"""
        <div id="undecided" data-refresh="5">{Lists.Table(
            request,
            request.Texts["Undecided_ByProducer"],
            [request.Texts["Message_Producer"], request.Texts["Undecided_Prepared"], request.Texts["Undecided_PastFirst"], request.Texts["Undecided_Oldest"], request.Texts["Undecided_Parked"], request.Texts["Undecided_OldestParked"]],
            producers,
            producer => Row(request, producer))}</div>
        """);

    private static Html Row(PageRequest request, UndecidedProducer producer)
    {
        var name = Uri.EscapeDataString(producer.Producer);
        return Html.Of($"""
            <tr><td><a href="{request.Page($"/producers/{name}")}">{producer.Producer}</a></td><td class="txmsg-number">{Lists.Count(request, producer.Prepared, $"/messages?state=prepared&producer={name}")}</td>
            <td class="txmsg-number">{Lists.Count(request, producer.PastFirstCheck, $"/undecided?state=prepared&producer={name}", producer.IsExact ? "" : "≥ ")}</td><td>{Moments.Length(request, producer.OldestPastFirstCheckAgeSeconds)}</td>
            <td class="txmsg-number">{Lists.Count(request, producer.Parked, $"/undecided?state=parked&producer={name}")}</td><td>{Moments.Length(request, producer.OldestParkedAgeSeconds)}</td></tr>
            """);
    }
}
