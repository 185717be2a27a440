using TxMsg.Contracts.Messages;
using TxMsg.Contracts.Registration;
using TxMsg.Server.Access;
using TxMsg.Server.Http;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Producers;

/// <summary>The HTTP face of producers.</summary>
public static class ProducerEndpoints
{
    private const string Json = "application/problem+json";

    /// <summary>Maps registration and rotation; for administration only.</summary>
    public static void MapProducers(this IEndpointRouteBuilder routes)
    {
        var producers = routes.MapGroup("/v1/producers").WithTags("Producers");
        producers.MapPut("/{name}", PutAsync).WithSummary("Register or change a producer; its secret is shown when it is created or rotated")
            .Accepts<ProducerRequest>("application/json").Produces<ProducerResource>(201).Produces<ProducerResource>(200).Produces<Problem>(400, Json);
        producers.MapGet("", ListAsync).WithSummary("All producers").Produces<ItemList<ProducerResource>>();
        producers.MapGet("/{name}", FindAsync).WithSummary("A producer").Produces<ProducerResource>().Produces<Problem>(404, Json);
        producers.MapPost("/{name}/rotate-secret", RotateAsync).WithSummary("A new signing secret; the old one signs beside it for a day")
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<SecretResource>().Produces<Problem>(404, Json);
    }

    private static async Task PutAsync(HttpContext context, string name, ProducerRules rules, ProducerAdministration producers)
    {
        var request = await RequestBody.ReadAsync(context, WireJson.Default.ProducerRequest);
        if (request is null) return;
        var errors = rules.Check(name, request);
        if (!errors.IsEmpty)
        {
            await context.ProblemAsync(Problems.InvalidInput(errors));
            return;
        }

        var (producer, created) = await producers.PutAsync(name, request, context.Caller().Name);
        if (created) context.Response.Headers.Location = $"/v1/producers/{name}";
        await context.JsonAsync(created ? 201 : 200, producer, WireJson.Default.ProducerResource);
    }

    private static Task ListAsync(HttpContext context, RegistryCache registry, ProducerAdministration producers) =>
        context.JsonAsync(200, new ItemList<ProducerResource> { Items = registry.Current.Producers.Select(producers.ToResource).ToArray() }, WireJson.Default.ProducerList);

    private static Task FindAsync(HttpContext context, string name, RegistryCache registry, ProducerAdministration producers) =>
        registry.Current.FindProducer(name) is { } producer
            ? context.JsonAsync(200, producers.ToResource(producer), WireJson.Default.ProducerResource)
            : context.ProblemAsync(Problems.NotFound("producer", name));

    private static async Task RotateAsync(HttpContext context, string name, ProducerAdministration producers)
    {
        var request = await Reasons.ReadAsync(context);
        if (request is null) return;
        var secret = await producers.RotateSecretAsync(name, context.Caller().Name, request.Reason);
        if (secret is null) await context.ProblemAsync(Problems.NotFound("producer", name));
        else await context.JsonAsync(200, new SecretResource { Secret = secret }, WireJson.Default.SecretResource);
    }
}
