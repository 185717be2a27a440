namespace TxMsg.Server.Access.Keys;

/// <summary>A key that was made by the API. The key itself is shown once and never kept.</summary>
/// <param name="Id">What it is called when it is deleted.</param>
/// <param name="ProducerId">Whose messages it may act for; none: administration.</param>
/// <param name="Hash">What it is recognised by.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Role">A key of administration: what its holder may do.</param>
/// <param name="Name">A key of administration: what people call it.</param>
public sealed record ApiKey(string Id, long? ProducerId, KeyHash Hash, DateTimeOffset CreatedAt, AdminRole Role = AdminRole.Operator, string? Name = null);
