using TxMsg.Contracts.Messages;
using TxMsg.Server.Dashboard.Parts;
using TxMsg.Server.Observability;
using TxMsg.Server.Registry;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Dashboard.Message;

/// <summary>Everything about one message.</summary>
public sealed class MessagePage(MessageReader messages, TimelineReader timelines, RegistryCache registry) : DashboardPage
{
    /// <inheritdoc/>
    public override async Task<PageContent> RenderAsync(PageRequest request)
    {
        var row = Guid.TryParse(request.Part("id"), out var id) ? await messages.FindRowAsync(id, request.Aborted) : null;
        // Between two reads it may be purged.
        if (row is null || await PayloadAsync(request, id) is not { } payload)
            return PageContent.NotFound(request.Texts["Message_Title"], request.Texts["Message_NotFound"], request.Part("id"));
        var message = await messages.WithDeliveriesAsync(row, request.Aborted);
        var timeline = await timelines.ReadAsync(row, request.Aborted);
        return new PageContent(request.Texts["Message_Title"], Html.Of($"""
            <div id="message" data-refresh="10">
            {MessageActions.Of(request, message)}
            {Facts(request, row, message)}
            <h2>{request.Texts["Message_Deliveries"]}</h2>
            {Deliveries(request, message)}
            <h2>{request.Texts["Message_Timeline"]}</h2>
            {TimelineView.Of(request, timeline)}
            </div>
            <h2>{request.Texts["Message_Headers"]}</h2>
            {Headers(request, message)}
            <h2>{request.Texts["Message_Payload"]} <small><a href="{request.Api($"/v1/messages/{message.Id}/payload")}" download="{message.Id}">{request.Texts["Message_Download"]}</a></small></h2>
            {payload}
            """))
        {
            Heading = Html.Of($"""<small class="txmsg-id">{message.Id}</small> {States.Label(request, message.State)}"""),
        };
    }

    private async Task<Html?> PayloadAsync(PageRequest request, Guid id)
    {
        try
        {
            return await messages.FindPayloadAsync(id, request.Aborted) is { } row ? PayloadView.Of(request, row.Payload) : null;
        }
        catch (DamagedContentException)
        {
            // What became of it, and the buttons, are what the page is wanted for.
            return Html.Of($"""<div class="alert alert-danger">{request.Texts["Message_PayloadDamaged"]}</div>""");
        }
    }

    private Html Facts(PageRequest request, MessageRow row, MessageResource message) => Lists.Facts(
        (request.Texts["Message_Topic"], Lists.Foreign(message.Topic)),
        (request.Texts["Message_Key"], Lists.Foreign(message.Key)),
        (request.Texts["Message_Tag"], Lists.Foreign(message.Tag)),
        (request.Texts["Message_OrderingKey"], Lists.Foreign(message.OrderingKey)),
        (request.Texts["Message_Producer"], registry.Current.FindProducer(message.Producer) is null ? Lists.Foreign(message.Producer) : Html.Of($"""<a href="{request.Page($"/producers/{Uri.EscapeDataString(message.Producer)}")}">{message.Producer}</a>""")),
        (request.Texts["Message_PreparedAt"], Moments.AtAndAgo(request, message.PreparedAt)),
        (request.Texts["Message_DecidedAt"], message.DecidedAt is null ? Html.Empty : Html.Of($"{Moments.At(message.DecidedAt)} <span class=\"txmsg-soft\">({request.Texts.Named("By", message.DecidedBy)})</span>")),
        (request.Texts["Message_Reason"], Lists.Foreign(message.Reason, 1000)),
        (request.Texts["Message_Delay"], message.DelaySeconds == 0 ? Html.Empty : Html.Of($"{Moments.Length(request, message.DelaySeconds)}")),
        (request.Texts["Message_NextCheckBackAt"], message.NextCheckBackAt is null ? Html.Empty : Moments.At(message.NextCheckBackAt)),
        (request.Texts["Message_CheckBacks"], message.CheckBacks == 0 ? Html.Empty : Html.Of($"{message.CheckBacks}")),
        (request.Texts["Message_TraceId"], TraceId(row)));

    private static Html TraceId(MessageRow row) =>
        TraceParents.ContextOf(row.TraceParent) is var trace && trace.TraceId != default ? Html.Of($"""<span class="txmsg-id">{trace.TraceId.ToHexString()}</span>""") : Html.Empty;

    private static Html Deliveries(PageRequest request, MessageResource message) => Lists.Table(
        request,
        request.Texts["Message_Deliveries"],
        [request.Texts["Delivery_Subscription"], request.Texts["Message_State"], request.Texts["Delivery_Attempts"], request.Texts["Delivery_LastAnswer"], request.Texts["Delivery_Next"], ""],
        message.Deliveries ?? [],
        delivery => Html.Of($"""
            <tr><td>{Lists.Foreign(delivery.Subscription, 128)}</td><td>{States.Label(request, delivery.State)}</td><td class="txmsg-number">{delivery.Attempts}</td>
            <td>{delivery.LastStatus} {Lists.Foreign(delivery.LastError)}</td><td>{Moments.At(delivery.DeliveredAt ?? delivery.NextAttemptAt)}</td>
            <td>{MessageActions.Redeliver(request, message, delivery)}</td></tr>
            """));

    private static Html Headers(PageRequest request, MessageResource message) => Lists.Table(
        request,
        request.Texts["Message_Headers"],
        [request.Texts["Header_Name"], request.Texts["Header_Value"]],
        [new KeyValuePair<string, string>("content-type", message.ContentType ?? ""), .. message.Headers ?? new Dictionary<string, string>()],
        header => Html.Of($"<tr><td>{Lists.Foreign(header.Key)}</td><td>{Lists.Foreign(header.Value, 4000)}</td></tr>"));
}
