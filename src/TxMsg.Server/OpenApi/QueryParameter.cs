namespace TxMsg.Server.OpenApi;

/// <summary>A parameter of the query that an endpoint reads by itself: for the description of the API only.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is.</param>
internal sealed record QueryParameter(string Name, string Description);

/// <summary>Describes parameters.</summary>
internal static class QueryParameters
{
    /// <summary>Describes a parameter of the query.</summary>
    public static TBuilder WithQuery<TBuilder>(this TBuilder builder, string name, string description)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new QueryParameter(name, description));
}
