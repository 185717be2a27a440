using TxMsg.Contracts.Registration;
using TxMsg.Server.Dashboard.Parts;
using TxMsg.Server.Nodes.Health;
using TxMsg.Server.Producers;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Dashboard.Producers;

/// <summary>One producer: its settings, how it answers, and what can be done with it.</summary>
public sealed class ProducerPage(RegistryCache registry, ProducerAdministration administration, HealthReader health) : DashboardPage
{
    /// <inheritdoc/>
    public override async Task<PageContent> RenderAsync(PageRequest request)
    {
        if (registry.Current.FindProducer(request.Part("name")) is not { } producer)
            return PageContent.NotFound(request.Texts["Menu_Producers"], request.Texts["Producer_NotFound"], request.Part("name"));
        var resource = administration.ToResource(producer);
        var seen = (await health.ReadAsync(request.Aborted)).Of(producer);
        var name = Uri.EscapeDataString(producer.Name);
        return new PageContent(request.Texts["Producer_Title"], Html.Of($"""
            {Actions(request, name)}
            <div id="producer" data-refresh="10">{Lists.Facts([.. Settings(request, resource), .. Health.Facts(request, seen)])}</div>
            <p><a href="{request.Page($"/messages?producer={name}")}">{request.Texts["Producer_Messages"]}</a> ·
            <a href="{request.Page($"/undecided?producer={name}")}">{request.Texts["Producer_Undecided"]}</a> ·
            <a href="{request.Page($"/audit?producer={name}")}">{request.Texts["Menu_Audit"]}</a></p>
            """))
        {
            Heading = Html.Of($"<small>{producer.Name}</small>"),
        };
    }

    private static Html Actions(PageRequest request, string name) => Html.If(request.CanOperate, () => Html.Of($"""
        <div class="txmsg-actions">
        {new PageAction(request.Texts["Producer_Test"], $"/v1/producers/{name}/test-check-back") { Question = request.Texts["Producer_TestQuestion"], ShowsAnswer = true }.Render(request)}
        {new PageAction(request.Texts["Action_Rotate"], $"/v1/producers/{name}/rotate-secret") { Question = request.Texts["Action_RotateQuestion"], ShowsAnswer = true, IsDangerous = true }.Render(request)}
        </div>
        """));

    private static (string Name, Html Value)[] Settings(PageRequest request, ProducerResource producer) =>
    [
        (request.Texts["Producer_CheckBackUrl"], Lists.Foreign(producer.CheckBackUrl, 2000)),
        (request.Texts["Producer_CheckBackAfter"], Html.Of($"{Moments.Length(request, producer.CheckBackAfterSeconds)}")),
        (request.Texts["Producer_MaxUnknown"], Html.Of($"{producer.MaxUnknownAnswers}")),
        (request.Texts["Producer_GiveUpAfter"], Html.Of($"{Moments.Length(request, producer.GiveUpAfterSeconds)}")),
        (request.Texts["Entry_Created"], Moments.At(producer.CreatedAt)),
        (request.Texts["Entry_Updated"], Moments.At(producer.UpdatedAt)),
    ];
}
