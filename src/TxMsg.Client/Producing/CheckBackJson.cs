using System.Text.Json;
using System.Text.Json.Serialization;
using TxMsg.Contracts.Messages;

namespace TxMsg.Client.Producing;

/// <summary>Strict about what is known. Unknown fields pass: a later coordinator may say more.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    RespectNullableAnnotations = true,
    NumberHandling = JsonNumberHandling.Strict,
    PropertyNameCaseInsensitive = false,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(CheckBackRequest))]
[JsonSerializable(typeof(VerdictBody))]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class CheckBackJson : JsonSerializerContext;
