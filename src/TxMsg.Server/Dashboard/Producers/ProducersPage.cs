using TxMsg.Server.Dashboard.Parts;
using TxMsg.Server.Nodes.Health;
using TxMsg.Server.Producers;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Dashboard.Producers;

/// <summary>All producers, and how they answer.</summary>
public sealed class ProducersPage(RegistryCache registry, ProducerAdministration administration, HealthReader health) : DashboardPage
{
    /// <inheritdoc/>
    public override async Task<PageContent> RenderAsync(PageRequest request)
    {
        var healthOf = await health.ReadAsync(request.Aborted);
        return new PageContent(request.Texts["Menu_Producers"], Html.Of($"""
            <div id="producers" data-refresh="10">
            {Lists.Table(
                request,
                request.Texts["Menu_Producers"],
                [request.Texts["Producer_Name"], request.Texts["Producer_CheckBackUrl"], request.Texts["Producer_CheckBackAfter"], request.Texts["Health_Title"], request.Texts["Health_LastSuccess"]],
                registry.Current.Producers,
                producer => Row(request, producer, healthOf))}
            </div>
            """));
    }

    private Html Row(PageRequest request, Producer producer, HealthMap healthOf)
    {
        var (resource, seen) = (administration.ToResource(producer), healthOf.Of(producer));
        return Html.Of($"""
            <tr><td><a href="{request.Page($"/producers/{Uri.EscapeDataString(producer.Name)}")}">{producer.Name}</a></td><td>{Lists.Foreign(resource.CheckBackUrl, 120)}</td>
            <td>{Moments.Length(request, resource.CheckBackAfterSeconds)}</td><td>{Health.Short(request, seen)}</td><td>{Health.Past(request, seen.LastSuccessAt)}</td></tr>
            """);
    }
}
