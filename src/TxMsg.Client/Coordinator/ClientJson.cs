using System.Text.Json;
using System.Text.Json.Serialization;
using TxMsg.Contracts.Messages;
using TxMsg.Contracts.Registration;

namespace TxMsg.Client.Coordinator;

/// <summary>An error answer (RFC 9457), as far as it is read.</summary>
internal sealed record ProblemAnswer(string? Title, string? Detail, Dictionary<string, string[]>? Errors, string? Verdict);

/// <summary>Answer of the batch calls.</summary>
internal sealed record BatchAnswer(IReadOnlyList<BatchItemAnswer>? Results);

/// <summary>What became of one item.</summary>
internal sealed record BatchItemAnswer(Guid? Id, int Status, string? State, ProblemAnswer? Problem);

/// <summary>Answer of <c>GET /v1/nodes</c>, as far as it is read.</summary>
internal sealed record NodesAnswer(IReadOnlyList<NodeAnswer>? Items);

/// <summary>A node that the coordinator announces.</summary>
internal sealed record NodeAnswer(string? State, IReadOnlyList<string>? Addresses);

/// <summary>How values stand on the wire. Fields of an answer that this version does not know are passed over.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProblemAnswer))]
[JsonSerializable(typeof(BatchAnswer))]
[JsonSerializable(typeof(NodesAnswer))]
[JsonSerializable(typeof(MessageResource))]
[JsonSerializable(typeof(ReasonRequest))]
[JsonSerializable(typeof(VerdictsRequest))]
[JsonSerializable(typeof(ProducerRequest))]
[JsonSerializable(typeof(ProducerResource))]
[JsonSerializable(typeof(SubscriptionRequest))]
[JsonSerializable(typeof(SubscriptionResource))]
internal sealed partial class ClientJson : JsonSerializerContext;
