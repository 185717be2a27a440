using TxMsg.Contracts;
using TxMsg.Contracts.Operations;
using TxMsg.Server.Dashboard.Parts;
using TxMsg.Server.Http;
using TxMsg.Server.Registry;
using TxMsg.Server.Undecided;

namespace TxMsg.Server.Dashboard.Undecided;

/// <summary>Half messages past their first check-back, and parked ones: by producer and age, and what can be done about many at once.</summary>
public sealed class UndecidedPage(UndecidedReader reader, RegistryCache registry) : DashboardPage
{
    private static readonly TimeSpan[] Ages = [TimeSpan.FromMinutes(5), TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(3)];

    /// <inheritdoc/>
    public override async Task<PageContent> RenderAsync(PageRequest request)
    {
        var errors = new FieldErrors();
        var query = UndecidedQuery.Parse(Filters.Values(request), registry.Current, errors);
        var found = query is null ? null : await reader.ListAsync(query with { PastFirstCheck = true }, request.Aborted);
        var summary = await reader.SummarizeAsync(request.Aborted);
        return new PageContent(request.Texts["Menu_Undecided"], Html.Of($"""
            <p class="txmsg-soft">{request.Texts["Undecided_Explained"]}</p>
            {UndecidedSummary.Of(request, summary)}
            <h2>{request.Texts["Undecided_Messages"]}</h2>
            {Form(request)}{Filters.Errors(errors)}
            {(found is null ? Html.Empty : Html.Of($"{UndecidedActions.Of(request, found.Items.Count > 0)}{Table(request, found.Items)}{Lists.Pages(request, found.NextCursor)}"))}
            """));
    }

    private Html Form(PageRequest request) => Filters.Form(request, Html.Of($"""
        {Filters.Choice(request, "producer", request.Texts["Message_Producer"], registry.Current.Producers.Select(producer => (producer.Name, producer.Name)))}
        {Filters.Choice(request, "state", request.Texts["Message_State"], new[] { MessageStates.Prepared, MessageStates.Parked }.Select(state => (state, States.Name(request, state))))}
        {Filters.Choice(request, "olderThanSeconds", request.Texts["Undecided_OlderThan"], Ages.Select(age => (age.TotalSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture), Moments.Length(request, age))))}
        """));

    private static Html Table(PageRequest request, IReadOnlyList<UndecidedMessage> messages) => Lists.Table(
        request,
        request.Texts["Undecided_Messages"],
        [
            request.Texts["List_Selected"], request.Texts["Message_Id"], request.Texts["Message_State"], request.Texts["Message_Producer"], request.Texts["Message_Topic"],
            request.Texts["Message_Key"], request.Texts["Message_PreparedAt"], request.Texts["Undecided_Checks"], request.Texts["Message_NextCheckBackAt"],
        ],
        messages,
        message => Row(request, message));

    private static Html Row(PageRequest request, UndecidedMessage message) => Html.Of($"""
        <tr><td>{Lists.Select(request, message.Id.ToString())}</td>
        <td class="txmsg-id"><a href="{request.Page($"/messages/{message.Id}")}">{message.Id}</a></td><td>{States.Label(request, message.State)}</td>
        <td>{Lists.Foreign(message.Producer, 80)}</td><td>{Lists.Foreign(message.Topic, 80)}</td><td>{Lists.Foreign(message.Key, 80)}</td>
        <td>{Moments.AtAndAgo(request, message.PreparedAt)}</td>
        <td>{request.Texts.Format("Undecided_Asked", message.CheckBacks, message.UnknownAnswers)}</td>
        <td>{(message.ParkedAt is { } parked ? Html.Of($"{request.Texts["State_parked"]} {Moments.At(parked)}") : Moments.At(message.NextCheckBackAt))}</td></tr>
        """);
}
