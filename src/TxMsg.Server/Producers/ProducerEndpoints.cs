using TxMsg.Contracts.Messages;
using TxMsg.Contracts.Operations;
using TxMsg.Contracts.Registration;
using TxMsg.Server.Access;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Http;
using TxMsg.Server.Nodes.Health;
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
        producers.MapGet("", ListAsync).WithSummary("All producers, and how they answer").Produces<ItemList<ProducerResource>>();
        producers.MapGet("/{name}", FindAsync).WithSummary("A producer, and how it answers").Produces<ProducerResource>().Produces<Problem>(404, Json);
        producers.MapPost("/{name}/rotate-secret", RotateAsync).WithSummary("A new signing secret; the old one signs beside it for a day")
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<SecretResource>().Produces<Problem>(404, Json);
        producers.MapPost("/{name}/test-check-back", TestAsync).WithSummary("Ask about a message that does not exist, and see the answer: rollback is right")
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<TestResource>().Produces<Problem>(404, Json);
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

    private static async Task ListAsync(HttpContext context, RegistryCache registry, ProducerAdministration producers, HealthReader reader)
    {
        var health = await reader.ReadAsync(context.RequestAborted);
        var items = registry.Current.Producers.Select(producer => producers.ToResource(producer) with { Health = health.Of(producer) }).ToArray();
        await context.JsonAsync(200, new ItemList<ProducerResource> { Items = items }, WireJson.Default.ProducerList);
    }

    private static async Task FindAsync(HttpContext context, string name, RegistryCache registry, ProducerAdministration producers, HealthReader reader)
    {
        if (await registry.FindProducerAsync(name, context.RequestAborted) is not { } producer)
        {
            await context.ProblemAsync(Problems.NotFound("producer", name));
            return;
        }

        var health = (await reader.ReadAsync(context.RequestAborted)).Of(producer);
        await context.JsonAsync(200, producers.ToResource(producer) with { Health = health }, WireJson.Default.ProducerResource);
    }

    private static async Task TestAsync(HttpContext context, string name, RegistryCache registry, TestCheckBack test)
    {
        var request = await Reasons.ReadAsync(context);
        if (request is null) return;
        if (await registry.FindProducerAsync(name, context.RequestAborted) is { } producer)
            await context.JsonAsync(200, await test.SendAsync(producer, context.Caller().Name, request.Reason, context.RequestAborted), WireJson.Default.TestResource);
        else
            await context.ProblemAsync(Problems.NotFound("producer", name));
    }

    private static async Task RotateAsync(HttpContext context, string name, ProducerAdministration producers)
    {
        var request = await Reasons.ReadAsync(context);
        if (request is null) return;
        var secret = await producers.RotateSecretAsync(name, context.Caller().Name, request.Reason);
        if (secret is null) await context.ProblemAsync(Problems.NotFound("producer", name));
        else await context.JsonAsync(200, new SecretResource { Secret = secret }, WireJson.Default.SecretResource);
    }
}
