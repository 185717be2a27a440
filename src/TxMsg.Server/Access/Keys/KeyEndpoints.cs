using TxMsg.Contracts.Messages;
using TxMsg.Contracts.Registration;
using TxMsg.Server.Http;
using TxMsg.Server.OpenApi;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Access.Keys;

/// <summary>The HTTP face of API keys; for administration only.</summary>
public static class KeyEndpoints
{
    private const string Json = "application/problem+json";

    /// <summary>Maps the keys of producers and of administration.</summary>
    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        var ofProducer = routes.MapGroup("/v1/producers/{name}/keys").WithTags("Keys");
        ofProducer.MapPost("", CreateOfProducerAsync).WithSummary("A new key for a producer's own messages; it is shown this once")
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<ApiKeyResource>(201).Produces<Problem>(404, Json);
        ofProducer.MapGet("", ListOfProducerAsync).WithSummary("A producer's keys, without the keys themselves")
            .Produces<ItemList<ApiKeyResource>>().Produces<Problem>(404, Json);
        ofProducer.MapDelete("/{keyId}", DeleteOfProducerAsync).WithSummary("Delete a producer's key; within a second no node takes it any more")
            .WithQuery("reason", Reasons.QueryDescription).Produces(204).Produces<Problem>(404, Json);

        var ofAdmin = routes.MapGroup("/v1/admin-keys").WithTags("Keys");
        ofAdmin.MapPost("", CreateOfAdminAsync).WithSummary("A new key for administration, for an operator or a viewer; it is shown this once")
            .Accepts<AdminKeyRequest>(isOptional: true, "application/json").Produces<ApiKeyResource>(201).Produces<Problem>(400, Json);
        ofAdmin.MapGet("", async (HttpContext context, ApiKeyAdministration keys) => await ListedAsync(context, await keys.ListAsync(null, context.RequestAborted)))
            .WithSummary("The keys for administration, without the keys themselves; the configured one is not among them").Produces<ItemList<ApiKeyResource>>();
        ofAdmin.MapDelete("/{keyId}", (HttpContext context, string keyId, ApiKeyAdministration keys) => DeleteAsync(context, null, keyId, keys))
            .WithSummary("Delete a key for administration").WithQuery("reason", Reasons.QueryDescription).Produces(204).Produces<Problem>(404, Json);
    }

    private static async Task CreateOfProducerAsync(HttpContext context, string name, ApiKeyAdministration keys, RegistryCache registry)
    {
        var request = await Reasons.ReadAsync(context);
        if (request is null) return;
        if (await registry.FindProducerAsync(name, context.RequestAborted) is { } producer) await CreatedAsync(context, await keys.CreateOfProducerAsync(producer.Id, context.Caller().Name, request.Reason));
        else await context.ProblemAsync(Problems.NotFound("producer", name));
    }

    private static async Task ListOfProducerAsync(HttpContext context, string name, ApiKeyAdministration keys, RegistryCache registry)
    {
        if (await registry.FindProducerAsync(name, context.RequestAborted) is { } producer) await ListedAsync(context, await keys.ListAsync(producer.Id, context.RequestAborted));
        else await context.ProblemAsync(Problems.NotFound("producer", name));
    }

    private static async Task DeleteOfProducerAsync(HttpContext context, string name, string keyId, ApiKeyAdministration keys, RegistryCache registry)
    {
        if (await registry.FindProducerAsync(name, context.RequestAborted) is { } producer) await DeleteAsync(context, producer.Id, keyId, keys);
        else await context.ProblemAsync(Problems.NotFound("producer", name));
    }

    private static async Task CreateOfAdminAsync(HttpContext context, ApiKeyAdministration keys)
    {
        var request = await RequestBody.ReadAsync(context, WireJson.Default.AdminKeyRequest, optional: true);
        if (request is null) return;
        var errors = new FieldErrors();
        if (AdminKeyRules.Check(request, errors) is { } role) await CreatedAsync(context, await keys.CreateOfAdminAsync(role, request.Name, context.Caller().Name, request.Reason));
        else await context.ProblemAsync(Problems.InvalidInput(errors));
    }

    private static async Task DeleteAsync(HttpContext context, long? producerId, string keyId, ApiKeyAdministration keys)
    {
        var (isGood, reason) = await Reasons.OfQueryAsync(context);
        if (!isGood) return;
        if (await keys.DeleteAsync(producerId, keyId, context.Caller().Name, reason)) context.Response.StatusCode = 204;
        else await context.ProblemAsync(Problems.NotFound("key", keyId));
    }

    private static Task CreatedAsync(HttpContext context, ApiKeyResource key)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.JsonAsync(201, key, WireJson.Default.ApiKeyResource);
    }

    private static Task ListedAsync(HttpContext context, IReadOnlyList<ApiKeyResource> keys) =>
        context.JsonAsync(200, new ItemList<ApiKeyResource> { Items = keys }, WireJson.Default.ApiKeyList);
}
