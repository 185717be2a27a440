using System.Text.RegularExpressions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using TxMsg.Server.Access;
using TxMsg.Server.Http;

namespace TxMsg.Server.OpenApi;

/// <summary>Adds to each call what handlers read by themselves, who may make it, and what it answers to those who may not.</summary>
internal sealed partial class OperationDescriber : IOpenApiOperationTransformer
{
    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        AddParameters(operation, context);
        var requirement = Metadata<AccessRequirement>(context).LastOrDefault(AccessRequirement.Admin);
        if (requirement == AccessRequirement.Anonymous) return;
        operation.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(DocumentDescriber.KeyScheme, context.Document)] = [] },
            new OpenApiSecurityRequirement(),
        ];
        var problem = await context.GetOrCreateSchemaAsync(typeof(Problem), null, cancellationToken);
        context.Document?.AddComponent(nameof(Problem), problem);
        operation.Responses ??= [];
        var takesBody = operation.RequestBody is not null;
        if (takesBody || Metadata<QueryParameter>(context).Any()) operation.Responses.TryAdd("400", Refusal(context, "Something is wrong with a field: errors names each"));
        if (takesBody)
        {
            operation.Responses.TryAdd("413", Refusal(context, "The body is too large"));
            operation.Responses.TryAdd("415", Refusal(context, "The body is not JSON"));
        }

        operation.Responses.TryAdd("503", Refusal(context, "The store cannot be used just now, or too much waits for it: try again later"));
        operation.Responses.TryAdd("401", Refusal(context, "No key, or none that is known"));
        operation.Responses.TryAdd("403", Refusal(context, requirement == AccessRequirement.Admin ? "Not an admin key, or a viewer's where something would change" : "Another producer's message, or a viewer's key where something would change"));
    }

    // A handler that reads the route by itself is described with no parameter at all.
    private static void AddParameters(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        operation.Parameters ??= [];
        var known = operation.Parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in PathParameter().Matches(context.Description.RelativePath ?? "").Select(match => match.Groups[1].Value).Where(known.Add))
            operation.Parameters.Add(Text(name, ParameterLocation.Path, null));
        foreach (var parameter in Metadata<QueryParameter>(context).Where(parameter => known.Add(parameter.Name)))
            operation.Parameters.Add(Text(parameter.Name, ParameterLocation.Query, parameter.Description));
    }

    private static OpenApiParameter Text(string name, ParameterLocation location, string? description) => new()
    {
        Name = name,
        In = location,
        Required = location == ParameterLocation.Path,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private static OpenApiResponse Refusal(OpenApiOperationTransformerContext context, string description) => new()
    {
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(nameof(Problem), context.Document) },
        },
    };

    private static IEnumerable<T> Metadata<T>(OpenApiOperationTransformerContext context) => context.Description.ActionDescriptor.EndpointMetadata.OfType<T>();

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathParameter();
}
