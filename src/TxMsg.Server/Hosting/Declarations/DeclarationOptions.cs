namespace TxMsg.Server.Hosting.Declarations;

/// <summary>Producers and subscriptions that the configuration declares: <c>TxMsg:Producers</c> and <c>TxMsg:Subscriptions</c>.</summary>
public sealed class DeclarationOptions
{
    /// <summary>The section's name; what else stands in it belongs to the features.</summary>
    public const string Section = "TxMsg";

    /// <summary>Made or updated at start. Default: none.</summary>
    public DeclaredProducer[] Producers { get; set; } = [];

    /// <summary>Made or updated at start. Default: none.</summary>
    public DeclaredSubscription[] Subscriptions { get; set; } = [];
}
