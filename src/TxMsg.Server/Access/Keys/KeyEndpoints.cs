using TxMsg.Contracts.Registration;
using TxMsg.Server.Http;
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
            .Produces<ApiKeyResource>(201).Produces<Problem>(404, Json);
        ofProducer.MapGet("", ListOfProducerAsync).WithSummary("A producer's keys, without the keys themselves")
            .Produces<ItemList<ApiKeyResource>>().Produces<Problem>(404, Json);
        ofProducer.MapDelete("/{keyId}", DeleteOfProducerAsync).WithSummary("Delete a producer's key; within a second no node takes it any more")
            .Produces(204).Produces<Problem>(404, Json);

        var ofAdmin = routes.MapGroup("/v1/admin-keys").WithTags("Keys");
        ofAdmin.MapPost("", async (HttpContext context, ApiKeyAdministration keys) => await CreatedAsync(context, await keys.CreateAsync(null)))
            .WithSummary("A new key for administration; it is shown this once").Produces<ApiKeyResource>(201);
        ofAdmin.MapGet("", async (HttpContext context, ApiKeyAdministration keys) => await ListedAsync(context, await keys.ListAsync(null, context.RequestAborted)))
            .WithSummary("The keys for administration, without the keys themselves; the configured one is not among them").Produces<ItemList<ApiKeyResource>>();
        ofAdmin.MapDelete("/{keyId}", async (HttpContext context, string keyId, ApiKeyAdministration keys) => await DeletedAsync(context, keyId, await keys.DeleteAsync(null, keyId)))
            .WithSummary("Delete a key for administration").Produces(204).Produces<Problem>(404, Json);
    }

    private static async Task CreateOfProducerAsync(HttpContext context, string name, ApiKeyAdministration keys, RegistryCache registry)
    {
        if (registry.Current.FindProducer(name) is { } producer) await CreatedAsync(context, await keys.CreateAsync(producer.Id));
        else await context.ProblemAsync(Problems.NotFound("producer", name));
    }

    private static async Task ListOfProducerAsync(HttpContext context, string name, ApiKeyAdministration keys, RegistryCache registry)
    {
        if (registry.Current.FindProducer(name) is { } producer) await ListedAsync(context, await keys.ListAsync(producer.Id, context.RequestAborted));
        else await context.ProblemAsync(Problems.NotFound("producer", name));
    }

    private static async Task DeleteOfProducerAsync(HttpContext context, string name, string keyId, ApiKeyAdministration keys, RegistryCache registry)
    {
        if (registry.Current.FindProducer(name) is { } producer) await DeletedAsync(context, keyId, await keys.DeleteAsync(producer.Id, keyId));
        else await context.ProblemAsync(Problems.NotFound("producer", name));
    }

    private static Task CreatedAsync(HttpContext context, ApiKeyResource key)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.JsonAsync(201, key, WireJson.Default.ApiKeyResource);
    }

    private static Task ListedAsync(HttpContext context, IReadOnlyList<ApiKeyResource> keys) =>
        context.JsonAsync(200, new ItemList<ApiKeyResource> { Items = keys }, WireJson.Default.ApiKeyList);

    private static Task DeletedAsync(HttpContext context, string keyId, bool deleted)
    {
        if (!deleted) return context.ProblemAsync(Problems.NotFound("key", keyId));
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }
}
