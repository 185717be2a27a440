using TxMsg.Contracts.Registration;

namespace TxMsg.Server.Hosting.Declarations;

/// <summary>A producer of the configuration: <c>TxMsg:Producers:0</c>. The same as the body of <c>PUT /v1/producers/{name}</c>.</summary>
public sealed class DeclaredProducer
{
    /// <summary>Its name.</summary>
    public string? Name { get; set; }

    /// <inheritdoc cref="ProducerRequest.CheckBackUrl"/>
    public string? CheckBackUrl { get; set; }

    /// <inheritdoc cref="ProducerRequest.CheckBackAfterSeconds"/>
    public double? CheckBackAfterSeconds { get; set; }

    /// <inheritdoc cref="ProducerRequest.MaxUnknownAnswers"/>
    public int? MaxUnknownAnswers { get; set; }

    /// <inheritdoc cref="ProducerRequest.GiveUpAfterSeconds"/>
    public double? GiveUpAfterSeconds { get; set; }

    /// <inheritdoc cref="ProducerRequest.Secret"/>
    public string? Secret { get; set; }

    /// <summary>What would be put by a call.</summary>
    public ProducerRequest ToRequest() => new()
    {
        CheckBackUrl = CheckBackUrl ?? "",
        CheckBackAfterSeconds = CheckBackAfterSeconds,
        MaxUnknownAnswers = MaxUnknownAnswers,
        GiveUpAfterSeconds = GiveUpAfterSeconds,
        Secret = Secret,
    };
}
