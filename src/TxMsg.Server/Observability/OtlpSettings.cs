namespace TxMsg.Server.Observability;

/// <summary>What the standard OpenTelemetry variables ask for; without them nothing leaves.</summary>
internal sealed class OtlpSettings(IConfiguration configuration)
{
    private const string DefaultServiceName = "txmsg";

    /// <summary>Whether metrics go to an OTLP endpoint.</summary>
    public bool ExportsMetrics => Exports("METRICS");

    /// <summary>Whether traces go to an OTLP endpoint.</summary>
    public bool ExportsTraces => Exports("TRACES");

    /// <summary><c>OTEL_SERVICE_NAME</c>, else <c>service.name</c> of <c>OTEL_RESOURCE_ATTRIBUTES</c>, else <c>txmsg</c>.</summary>
    public string ServiceName => Value("OTEL_SERVICE_NAME") ?? NameOfResource() ?? DefaultServiceName;

    private bool Exports(string signal) =>
        (Value("OTEL_EXPORTER_OTLP_ENDPOINT") ?? Value($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT")) is not null
        && !Is($"OTEL_{signal}_EXPORTER", "none")
        && !Is("OTEL_SDK_DISABLED", "true");

    private string? NameOfResource() => Value("OTEL_RESOURCE_ATTRIBUTES")?
        .Split(',', StringSplitOptions.TrimEntries)
        .Select(attribute => attribute.Split('=', 2))
        .Where(parts => parts is ["service.name", not ""])
        .Select(parts => Uri.UnescapeDataString(parts[1]))
        .FirstOrDefault();

    private bool Is(string name, string value) => string.Equals(Value(name), value, StringComparison.OrdinalIgnoreCase);

    private string? Value(string name) => configuration[name] is { Length: > 0 } value ? value : null;
}
