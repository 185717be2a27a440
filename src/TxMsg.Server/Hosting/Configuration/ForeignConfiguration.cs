namespace TxMsg.Server.Hosting.Configuration;

/// <summary>What stands in the configuration for others than TxMsg, such as the logging. They read it by themselves, and ignore what
/// is wrong or fall over it; whoever validates these options names it when the server starts, with everything else.</summary>
internal sealed class ForeignConfiguration;
