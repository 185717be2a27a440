using System.Text.Json.Serialization;

namespace TxMsg.Server.Observability;

/// <summary>Answer of the probes. In words that tell a stranger nothing: anyone may ask.</summary>
/// <param name="Status"><c>live</c>, <c>ready</c>, <c>notReady</c> or <c>stopping</c>.</param>
/// <param name="Checks">What was looked at.</param>
public sealed record HealthReport(string Status, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] HealthChecks? Checks = null)
{
    /// <summary>The process answers.</summary>
    public static HealthReport Live { get; } = new("live");

    /// <summary>Whether requests should come here.</summary>
    [JsonIgnore]
    public bool IsReady => Status == "ready";
}

/// <summary>What readiness means; each is <c>ok</c> or says what is wrong.</summary>
/// <param name="Store">The store answers a read in time.</param>
/// <param name="Schema">The schema is that of this server.</param>
/// <param name="Committer">The group committer writes.</param>
public sealed record HealthChecks(string Store, string Schema, string Committer);

/// <summary>Probes on the wire.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(HealthReport))]
internal sealed partial class HealthJson : JsonSerializerContext;
