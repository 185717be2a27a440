using System.Text.Json;
using System.Text.Json.Serialization;
using TxMsg.Contracts.Operations;
using TxMsg.Contracts.Registration;
using TxMsg.Server.Http;

namespace TxMsg.Server.Alerts;

/// <summary>Alerts on the wire.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(AlertNotification))]
[JsonSerializable(typeof(ItemList<AlertResource>), TypeInfoPropertyName = "AlertList")]
internal sealed partial class AlertJson : JsonSerializerContext;
