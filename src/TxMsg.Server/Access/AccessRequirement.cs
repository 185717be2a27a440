namespace TxMsg.Server.Access;

/// <summary>Who may call an endpoint. An endpoint that says nothing is for administration: forgetting it locks, never opens.</summary>
public enum AccessRequirement
{
    /// <summary>An admin key.</summary>
    Admin,

    /// <summary>A producer's key, for its own messages, or an admin key.</summary>
    Producer,

    /// <summary>No key: probes, and the sign-in page.</summary>
    Anonymous,
}

/// <summary>Says who may call an endpoint.</summary>
public static class AccessRequirements
{
    /// <summary>A producer's key, for its own messages, or an admin key.</summary>
    public static TBuilder AllowProducers<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(AccessRequirement.Producer);

    /// <summary>No key.</summary>
    public static TBuilder AllowAnyone<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(AccessRequirement.Anonymous);
}
