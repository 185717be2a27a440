namespace TxMsg.AcceptanceTests.Harness;

/// <summary>A subscription together with the endpoint it delivers to.</summary>
public sealed record Consumer(string Subscription, string Topic, string Secret, Inbox Inbox);
