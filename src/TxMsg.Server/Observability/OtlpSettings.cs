using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;
using TxMsg.Server.Hosting.Configuration;

namespace TxMsg.Server.Observability;

/// <summary>What the standard OpenTelemetry variables ask for; without them nothing leaves.</summary>
internal sealed class OtlpSettings(IConfiguration configuration) : IValidateOptions<ForeignConfiguration>
{
    private const string DefaultServiceName = "txmsg";
    private const string Metrics = "METRICS";
    private const string Traces = "TRACES";

    private static readonly Dictionary<string, OtlpExportProtocol> Protocols = new()
    {
        ["grpc"] = OtlpExportProtocol.Grpc,
        ["http/protobuf"] = OtlpExportProtocol.HttpProtobuf,
    };

    /// <summary>Whether metrics go to an OTLP endpoint.</summary>
    public bool ExportsMetrics => Exports(Metrics);

    /// <summary>Whether traces go to an OTLP endpoint.</summary>
    public bool ExportsTraces => Exports(Traces);

    /// <summary><c>OTEL_SERVICE_NAME</c>, else <c>service.name</c> of <c>OTEL_RESOURCE_ATTRIBUTES</c>, else <c>txmsg</c>.</summary>
    public string ServiceName => Value("OTEL_SERVICE_NAME") ?? NameOfResource() ?? DefaultServiceName;

    /// <summary>Sends metrics where they are to go.</summary>
    public void DirectMetrics(OtlpExporterOptions options) => Direct(options, Metrics);

    /// <summary>Sends traces where they are to go.</summary>
    public void DirectTraces(OtlpExporterOptions options) => Direct(options, Traces);

    /// <summary>Names what the exporter would pass over, to send to its default endpoint instead.</summary>
    public ValidateOptionsResult Validate(string? name, ForeignConfiguration options)
    {
        var failures = new[] { Metrics, Traces }.Where(Exports).SelectMany(signal => Wrong("").Concat(Wrong($"{signal}_"))).Distinct().ToArray();
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    // The exporter reads the variables for all signals by itself, but none for one of them. It may be made before what is wrong is named.
    private void Direct(OtlpExporterOptions options, string signal)
    {
        // The specification: where all signals go a path is appended to, where one goes is taken as it is.
        if (TryParse(Value(Variable($"{signal}_ENDPOINT")), out var endpoint)) options.Endpoint = endpoint;
        if (Protocols.TryGetValue(Value(Variable($"{signal}_PROTOCOL")) ?? "", out var protocol)) options.Protocol = protocol;
        if (Value(Variable($"{signal}_HEADERS")) is { } headers) options.Headers = headers;
    }

    private IEnumerable<string> Wrong(string signal)
    {
        var (endpoint, protocol) = (Variable($"{signal}ENDPOINT"), Variable($"{signal}PROTOCOL"));
        if (Value(endpoint) is { } url && !TryParse(url, out _)) yield return $"{endpoint} is '{url}'; it must be an absolute http or https URL.";
        if (Value(protocol) is { } text && !Protocols.ContainsKey(text)) yield return $"{protocol} is '{text}'; it must be {string.Join(" or ", Protocols.Keys)}.";
    }

    private bool Exports(string signal) =>
        (Value(Variable("ENDPOINT")) ?? Value(Variable($"{signal}_ENDPOINT"))) is not null
        && !Is($"OTEL_{signal}_EXPORTER", "none")
        && !Is("OTEL_SDK_DISABLED", "true");

    private string? NameOfResource() => Value("OTEL_RESOURCE_ATTRIBUTES")?
        .Split(',', StringSplitOptions.TrimEntries)
        .Select(attribute => attribute.Split('=', 2))
        .Where(parts => parts is ["service.name", not ""])
        .Select(parts => Uri.UnescapeDataString(parts[1]))
        .FirstOrDefault();

    private static string Variable(string name) => $"OTEL_EXPORTER_OTLP_{name}";

    private static bool TryParse(string? text, [NotNullWhen(true)] out Uri? url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);

    private bool Is(string name, string value) => string.Equals(Value(name), value, StringComparison.OrdinalIgnoreCase);

    private string? Value(string name) => configuration[name] is { Length: > 0 } value ? value : null;
}
