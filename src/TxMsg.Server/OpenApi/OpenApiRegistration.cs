using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.OpenApi;
using Scalar.AspNetCore;
using TxMsg.Server.Access;
using TxMsg.Server.Http;

namespace TxMsg.Server.OpenApi;

/// <summary>The API's description and a page to try it.</summary>
public static class OpenApiRegistration
{
    /// <summary>The description.</summary>
    public const string DocumentPath = "/openapi/v1.json";

    /// <summary>The page.</summary>
    public const string PagePath = "/docs";

    /// <summary>Adds the description.</summary>
    public static IServiceCollection AddApiDescription(this IServiceCollection services)
    {
        // Schemas are made by these options: the same as on the wire, whose types are generated at build time.
        services.Configure<JsonOptions>(options =>
        {
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, WireJson.Default);
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        return services.AddOpenApi("v1", options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddDocumentTransformer<DocumentDescriber>();
            options.AddOperationTransformer<OperationDescriber>();
        });
    }

    /// <summary>Maps both; they tell nobody more than the documentation does.</summary>
    public static void MapApiDescription(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/openapi/{documentName}.json").AllowAnyone();
        routes.MapScalarApiReference(PagePath, options => options
            .WithTitle("TxMsg API")
            .WithOpenApiRoutePattern(DocumentPath)
            // Everything is served from here: no fonts, no proxy, no assistant, no telemetry of others.
            .DisableDefaultFonts()
            .DisableAgent()
            .DisableMcp()
            .DisableTelemetry()
            .HideClientButton()
            .HideDeveloperTools()
            .AddPreferredSecuritySchemes(DocumentDescriber.KeyScheme)).AllowAnyone();
    }
}
