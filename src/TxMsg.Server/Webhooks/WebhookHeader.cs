namespace TxMsg.Server.Webhooks;

/// <summary>One header of an outgoing request. Its value is safe: visible ASCII, spaces and tabs; see <see cref="HeaderRules"/>.</summary>
/// <param name="Name">An RFC 9110 token, other than those that the sender sets itself.</param>
/// <param name="Value">The value; anything but ASCII goes through <see cref="Contracts.EventAttribute.Encode"/> first.</param>
public readonly record struct WebhookHeader(string Name, string Value);
