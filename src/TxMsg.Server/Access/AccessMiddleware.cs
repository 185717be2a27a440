using Microsoft.Extensions.Options;
using TxMsg.Server.Access.SignIn;
using TxMsg.Server.Http;

namespace TxMsg.Server.Access;

/// <summary>Decides for every request whether it may pass, and as whom, before any endpoint runs.</summary>
internal sealed class AccessMiddleware(RequestDelegate next, IOptions<AccessOptions> options, KeyGate keys, OpenPaths open, RefusalLog refusals)
{
    private readonly AccessMode mode = options.Value.Mode;

    public Task InvokeAsync(HttpContext context)
    {
        if (mode == AccessMode.ApiKeys) return RequirementOf(context) is { } requirement ? keys.PassAsync(context, next, requirement) : next(context);
        if (LoopbackGate.Refusal(context) is { } reason)
        {
            refusals.Outsider(context.Connection.RemoteIpAddress, reason);
            return context.ProblemAsync(Problems.Forbidden(reason));
        }

        context.Features.Set(Caller.Loopback);
        return next(context);
    }

    // What no endpoint answers becomes a 404 without a key; the dashboard may be a middleware and have no endpoint.
    private AccessRequirement? RequirementOf(HttpContext context) => context.GetEndpoint() is { } endpoint
        ? RequirementOf(endpoint, context.Request.Path)
        : context.Request.Path.StartsWithSegments(SignInEndpoints.DashboardPath) ? AccessRequirement.Operator : null;

    private AccessRequirement RequirementOf(Endpoint endpoint, PathString path) => AccessRequirements.Of(endpoint) switch
    {
        AccessRequirement.AnyKey when open.Contains(path) => AccessRequirement.Anonymous,
        var requirement => requirement,
    };
}
