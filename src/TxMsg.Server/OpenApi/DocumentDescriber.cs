using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using TxMsg.Server.Hosting;

namespace TxMsg.Server.OpenApi;

/// <summary>Title, version, server and the way to authenticate.</summary>
internal sealed class DocumentDescriber : IOpenApiDocumentTransformer
{
    /// <summary>The name of the scheme of API keys.</summary>
    public const string KeyScheme = "key";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "TxMsg",
            Version = StartReport.Version,
            Description = "Transactional messages over HTTP: a message is delivered if and only if the producer's local transaction committed.",
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[KeyScheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "An admin key (a viewer's for GET only), or a producer's key for its own messages. In Loopback mode none is needed.",
        };
        return Task.CompletedTask;
    }
}
