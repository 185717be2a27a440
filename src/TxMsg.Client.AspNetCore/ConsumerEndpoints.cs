using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TxMsg.Client.AspNetCore;
using TxMsg.Client.Consuming;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Endpoints that the coordinator delivers to. Their signature is what admits a request: no other sign-in is asked for, and authorization
/// policies of the application, a fallback policy too, do not apply to them.</summary>
public static class ConsumerEndpoints
{
    /// <summary>Maps an endpoint whose deliveries are handled once each, by way of the inbox.</summary>
    /// <param name="endpoints">The application. Its services need <c>AddTxMsgConsumer</c>.</param>
    /// <param name="pattern">The path.</param>
    /// <param name="handler">Does its work in the transaction that it is given.</param>
    /// <param name="subscription">The only subscription that it takes. Default: any that the options expect.</param>
    /// <exception cref="InvalidOperationException">There is no consumer, or its options have no connection.</exception>
    public static IEndpointConventionBuilder MapTxMsgConsumer(this IEndpointRouteBuilder endpoints, string pattern, DeliveryHandler handler, string? subscription = null)
    {
        var consumer = ConsumerOf(endpoints);
        consumer.RequireInbox();
        return Map(endpoints, pattern, new ConsumerEndpoint(consumer, subscription, (request, cancellationToken) => consumer.ReceiveAsync(request, handler, cancellationToken)));
    }

    /// <summary>Maps an endpoint whose payloads are JSON and whose deliveries are handled once each, by way of the inbox.</summary>
    /// <param name="endpoints">The application. Its services need <c>AddTxMsgConsumer</c>.</param>
    /// <param name="pattern">The path.</param>
    /// <param name="handler">Does its work in the transaction that it is given. A payload that is no such JSON is rejected without it.</param>
    /// <param name="options">How the JSON is read. Default: as the web writes it, in camelCase.</param>
    /// <param name="subscription">The only subscription that it takes. Default: any that the options expect.</param>
    public static IEndpointConventionBuilder MapTxMsgConsumer<T>(
        this IEndpointRouteBuilder endpoints, string pattern, DeliveryHandler<T> handler, JsonSerializerOptions? options = null, string? subscription = null) =>
        endpoints.MapTxMsgConsumer(pattern, JsonPayload.Handler(handler, JsonPayload.TypeOf<T>(options)), subscription);

    /// <summary>Maps an endpoint whose payloads are JSON and whose deliveries are handled once each, by way of the inbox.</summary>
    /// <param name="endpoints">The application. Its services need <c>AddTxMsgConsumer</c>.</param>
    /// <param name="pattern">The path.</param>
    /// <param name="handler">Does its work in the transaction that it is given. A payload that is no such JSON is rejected without it.</param>
    /// <param name="type">How the JSON is read: of a source-generated context.</param>
    /// <param name="subscription">The only subscription that it takes. Default: any that the options expect.</param>
    public static IEndpointConventionBuilder MapTxMsgConsumer<T>(
        this IEndpointRouteBuilder endpoints, string pattern, DeliveryHandler<T> handler, JsonTypeInfo<T> type, string? subscription = null) =>
        endpoints.MapTxMsgConsumer(pattern, JsonPayload.Handler(handler, type), subscription);

    /// <summary>Maps an endpoint that has no inbox: its handler sees repeated deliveries, and is idempotent by itself.</summary>
    /// <param name="endpoints">The application. Its services need <c>AddTxMsgConsumer</c>.</param>
    /// <param name="pattern">The path.</param>
    /// <param name="handler">May be asked several times about one message, at the same time too.</param>
    /// <param name="subscription">The only subscription that it takes. Default: any that the options expect.</param>
    public static IEndpointConventionBuilder MapTxMsgConsumerWithoutInbox(this IEndpointRouteBuilder endpoints, string pattern, IdempotentHandler handler, string? subscription = null)
    {
        var consumer = ConsumerOf(endpoints);
        return Map(endpoints, pattern, new ConsumerEndpoint(consumer, subscription, (request, cancellationToken) => consumer.ReceiveWithoutInboxAsync(request, handler, cancellationToken)));
    }

    /// <summary>Maps an endpoint that has no inbox and whose payloads are JSON: its handler sees repeated deliveries, and is idempotent by itself.</summary>
    /// <param name="endpoints">The application. Its services need <c>AddTxMsgConsumer</c>.</param>
    /// <param name="pattern">The path.</param>
    /// <param name="handler">May be asked several times about one message, at the same time too.</param>
    /// <param name="options">How the JSON is read. Default: as the web writes it, in camelCase.</param>
    /// <param name="subscription">The only subscription that it takes. Default: any that the options expect.</param>
    public static IEndpointConventionBuilder MapTxMsgConsumerWithoutInbox<T>(
        this IEndpointRouteBuilder endpoints, string pattern, IdempotentHandler<T> handler, JsonSerializerOptions? options = null, string? subscription = null) =>
        endpoints.MapTxMsgConsumerWithoutInbox(pattern, JsonPayload.Handler(handler, JsonPayload.TypeOf<T>(options)), subscription);

    /// <summary>Maps an endpoint that has no inbox and whose payloads are JSON: its handler sees repeated deliveries, and is idempotent by itself.</summary>
    /// <param name="endpoints">The application. Its services need <c>AddTxMsgConsumer</c>.</param>
    /// <param name="pattern">The path.</param>
    /// <param name="handler">May be asked several times about one message, at the same time too.</param>
    /// <param name="type">How the JSON is read: of a source-generated context.</param>
    /// <param name="subscription">The only subscription that it takes. Default: any that the options expect.</param>
    public static IEndpointConventionBuilder MapTxMsgConsumerWithoutInbox<T>(
        this IEndpointRouteBuilder endpoints, string pattern, IdempotentHandler<T> handler, JsonTypeInfo<T> type, string? subscription = null) =>
        endpoints.MapTxMsgConsumerWithoutInbox(pattern, JsonPayload.Handler(handler, type), subscription);

    private static Consumer ConsumerOf(IEndpointRouteBuilder endpoints) =>
        endpoints.ServiceProvider.GetService<Consumer>() ?? throw new InvalidOperationException("There is no consumer: call services.AddTxMsgConsumer(...) first.");

    private static IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints, string pattern, ConsumerEndpoint endpoint) =>
        endpoints.MapPost(pattern, (RequestDelegate)endpoint.HandleAsync).WithDisplayName($"TxMsg consumer {pattern}").AllowAnonymous();
}
