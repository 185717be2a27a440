using Microsoft.AspNetCore.Routing.Template;

namespace TxMsg.Server.Access;

/// <summary>The paths that can be called without a key. What the router refuses by itself, such as a wrong method, says nothing of
/// who may call the path: asked for a key there, a probe would look for one that it does not need.</summary>
internal sealed class OpenPaths(EndpointDataSource endpoints)
{
    // Once: nothing is mapped any more when the first request comes.
    private readonly Lazy<TemplateMatcher[]> paths = new(() =>
    [
        .. endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => AccessRequirements.Of(endpoint) == AccessRequirement.Anonymous)
            .Select(endpoint => new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), [])),
    ]);

    /// <summary>Whether some method of this path needs no key.</summary>
    public bool Contains(PathString path) => Array.Exists(paths.Value, matcher => matcher.TryMatch(path, []));
}
