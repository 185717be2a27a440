using TxMsg.Contracts;
using TxMsg.Contracts.Messages;
using TxMsg.Server.Dashboard.Parts;
using TxMsg.Server.Http;
using TxMsg.Server.Registry;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Dashboard.Messages;

/// <summary>The search for messages.</summary>
public sealed class MessagesPage(MessageReader messages, RegistryCache registry) : DashboardPage
{
    private static readonly string[] States = [MessageStates.Prepared, MessageStates.Parked, MessageStates.Committed, MessageStates.RolledBack];

    /// <inheritdoc/>
    public override async Task<PageContent> RenderAsync(PageRequest request)
    {
        var errors = new FieldErrors();
        var found = request.Value("id") is { } id ? await ByIdAsync(id, errors, request.Aborted) : await SearchAsync(request, errors);
        return new PageContent(request.Texts["Messages_Title"], Html.Of($"{Form(request)}{Filters.Errors(errors)}{(found is null ? Html.Empty : Table(request, found))}"));
    }

    private async Task<MessageList?> SearchAsync(PageRequest request, FieldErrors errors)
    {
        return MessageQuery.Parse(Filters.Values(request, except: "id"), registry.Current, null, errors) is { } query ? await messages.ListAsync(query, request.Aborted) : null;
    }

    private async Task<MessageList?> ByIdAsync(string id, FieldErrors errors, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(id, out var guid))
        {
            errors.Add("id", "A UUID is required.");
            return null;
        }

        return new MessageList(await messages.FindAsync(guid, cancellationToken) is { } message ? [message] : [], null);
    }

    private Html Form(PageRequest request) => Filters.Form(request, Html.Of($"""
        {Filters.Text(request, "id", request.Texts["Message_Id"])}
        {Filters.Text(request, "key", request.Texts["Message_Key"])}
        {Filters.Text(request, "topic", request.Texts["Message_Topic"])}
        {Filters.Choice(request, "producer", request.Texts["Message_Producer"], registry.Current.Producers.Select(producer => (producer.Name, producer.Name)))}
        {Filters.Choice(request, "state", request.Texts["Message_State"], States.Select(state => (state, Parts.States.Name(request, state))))}
        {Filters.Text(request, "tag", request.Texts["Message_Tag"])}
        {Filters.Time(request, "from", request.Texts["Filter_From"])}
        {Filters.Time(request, "to", request.Texts["Filter_To"])}
        """));

    private static Html Table(PageRequest request, MessageList found)
    {
        // A search looks at some thousands of messages at a time: a page may be short and still not the last.
        var isShort = found.NextCursor is not null && found.Items.Count < request.Number("limit", 1, MessageQuery.MaxLimit, MessageQuery.DefaultLimit);
        return Html.Of($"""
            <div id="found">
            {Lists.Table(
                request,
                request.Texts["Messages_Title"],
                [
                    request.Texts["Message_Id"], request.Texts["Message_State"], request.Texts["Message_Topic"], request.Texts["Message_Key"], request.Texts["Message_Tag"],
                    request.Texts["Message_Producer"], request.Texts["Message_PreparedAt"],
                ],
                found.Items,
                message => Row(request, message))}
            {Lists.SearchedTo(request, found.Items.Count == 0, isShort ? found.SearchedTo : null, found.NextCursor)}
            {Lists.Pages(request, isShort ? null : found.NextCursor)}
            </div>
            """);
    }

    private static Html Row(PageRequest request, MessageResource message) => Html.Of($"""
        <tr><td class="txmsg-id"><a href="{request.Page($"/messages/{message.Id}")}">{message.Id}</a></td>
        <td>{Parts.States.Label(request, message.State)}</td><td>{Lists.Foreign(message.Topic, 80)}</td><td>{Lists.Foreign(message.Key, 80)}</td>
        <td>{Lists.Foreign(message.Tag, 40)}</td><td>{Lists.Foreign(message.Producer, 80)}</td><td>{Moments.At(message.PreparedAt)}</td></tr>
        """);
}
