using System.Text.Json;
using System.Text.Json.Serialization;
using TxMsg.Contracts.Messages;
using TxMsg.Contracts.Operations;
using TxMsg.Contracts.Registration;

namespace TxMsg.Server.Http;

/// <summary>How values stand on the wire: camelCase, no unknown fields, generated at build time.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    NumberHandling = JsonNumberHandling.Strict,
    PropertyNameCaseInsensitive = false,
    AllowDuplicateProperties = false,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(MessageResource))]
[JsonSerializable(typeof(MessageList))]
[JsonSerializable(typeof(Timeline))]
[JsonSerializable(typeof(ReasonRequest))]
[JsonSerializable(typeof(CheckBackRequest))]
[JsonSerializable(typeof(VerdictsRequest))]
[JsonSerializable(typeof(UncheckedVerdicts))]
[JsonSerializable(typeof(UncheckedVerdict))]
[JsonSerializable(typeof(BatchResults))]
[JsonSerializable(typeof(ProducerRequest))]
[JsonSerializable(typeof(ProducerResource))]
[JsonSerializable(typeof(ItemList<ProducerResource>), TypeInfoPropertyName = "ProducerList")]
[JsonSerializable(typeof(SubscriptionRequest))]
[JsonSerializable(typeof(SubscriptionResource))]
[JsonSerializable(typeof(ItemList<SubscriptionResource>), TypeInfoPropertyName = "SubscriptionList")]
[JsonSerializable(typeof(SecretResource))]
[JsonSerializable(typeof(AdminKeyRequest))]
[JsonSerializable(typeof(ApiKeyResource))]
[JsonSerializable(typeof(ItemList<ApiKeyResource>), TypeInfoPropertyName = "ApiKeyList")]
[JsonSerializable(typeof(DeadLetterRequest))]
[JsonSerializable(typeof(DeadLetterList))]
[JsonSerializable(typeof(CountResource))]
[JsonSerializable(typeof(RetryNowResource))]
[JsonSerializable(typeof(AuditEntryList))]
[JsonSerializable(typeof(DeadLetterGroups))]
[JsonSerializable(typeof(RedeliverRequest))]
[JsonSerializable(typeof(ItemList<UndecidedProducer>), TypeInfoPropertyName = "UndecidedProducerList")]
[JsonSerializable(typeof(UndecidedList))]
[JsonSerializable(typeof(BulkActionRequest))]
[JsonSerializable(typeof(BulkActionFilter))]
[JsonSerializable(typeof(BulkActionResource))]
[JsonSerializable(typeof(BulkActionList))]
[JsonSerializable(typeof(BulkActionCount))]
[JsonSerializable(typeof(StatsResource))]
[JsonSerializable(typeof(StatsHistory))]
[JsonSerializable(typeof(OverviewResource))]
[JsonSerializable(typeof(ItemList<NodeResource>), TypeInfoPropertyName = "NodeList")]
[JsonSerializable(typeof(ItemList<NodeAddresses>), TypeInfoPropertyName = "NodeAddressesList")]
[JsonSerializable(typeof(TestResource))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(double[]))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class WireJson : JsonSerializerContext;
