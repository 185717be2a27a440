namespace TxMsg.Contracts;

/// <summary>How a test that an operator sends by hand is told from what a producer sent: by both marks together.</summary>
public static class TestEvent
{
    /// <summary>The topic of a test check-back, and <c>ce-type</c> of a test delivery, whatever the subscription's topic is.</summary>
    public const string Topic = "txmsg.test";

    /// <summary>The own header of a test delivery, without the prefix <c>txmsg-h-</c>; its value is <c>true</c>.</summary>
    public const string Header = "txmsg-test";

    /// <summary>The producer that a test delivery names as its source. It need not exist.</summary>
    public const string Producer = "txmsg.test";
}
