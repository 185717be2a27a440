namespace TxMsg.Server.Access;

/// <summary>Who may call an endpoint. An endpoint that says nothing is for administration: forgetting it locks, never opens.</summary>
public enum AccessRequirement
{
    /// <summary>An admin key, or a person who has signed in with one.</summary>
    Admin,

    /// <summary>A producer's key, for its own messages, or as <see cref="Admin"/>.</summary>
    Producer,

    /// <summary>As <see cref="Admin"/>; a browser that has not signed in is sent to do so.</summary>
    Operator,

    /// <summary>Any key that is known, whatever it may do, or a person who has signed in: where nothing is done or shown.</summary>
    AnyKey,

    /// <summary>No key: probes, and the sign-in page.</summary>
    Anonymous,
}

/// <summary>Says who may call an endpoint.</summary>
public static class AccessRequirements
{
    /// <summary>A producer's key, for its own messages, or an admin key.</summary>
    public static TBuilder AllowProducers<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(AccessRequirement.Producer);

    /// <summary>A person who has signed in with an admin key: pages for browsers.</summary>
    public static TBuilder AllowOperators<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(AccessRequirement.Operator);

    /// <summary>No key.</summary>
    public static TBuilder AllowAnyone<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(AccessRequirement.Anonymous);

    /// <summary>Who may call this endpoint.</summary>
    public static AccessRequirement Of(Endpoint endpoint)
    {
        var metadata = endpoint.Metadata;
        // From the end: what an endpoint says outranks what its group says.
        for (var i = metadata.Count - 1; i >= 0; i--)
        {
            if (metadata[i] is AccessRequirement requirement) return requirement;
        }

        // What is mapped is a route. Anything else is the router's own word that a path lacks a method (405) or a content type (415).
        return endpoint is RouteEndpoint || metadata.Count > 0 ? AccessRequirement.Admin : AccessRequirement.AnyKey;
    }
}
