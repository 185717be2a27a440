namespace TxMsg.Server.Access;

/// <summary>Who makes a request; set by the access check before any endpoint runs.</summary>
/// <param name="Kind">What the caller may do.</param>
/// <param name="ProducerId">A producer's key: whose.</param>
/// <param name="Name">For records of who did what: <c>loopback</c>, <c>admin</c> (the configured key), <c>admin:</c> or <c>viewer:</c>
/// and the id of a key that was made by the API, or <c>producer:</c> and the producer's name. No producer can be called like the others.</param>
public sealed record Caller(CallerKind Kind, long? ProducerId, string Name)
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxNameLength = 128;

    /// <summary>Anybody on this machine, in <c>Loopback</c> mode.</summary>
    public static Caller Loopback { get; } = new(CallerKind.Loopback, null, "loopback");

    /// <summary>Who holds the configured admin key.</summary>
    public static Caller Admin { get; } = new(CallerKind.Admin, null, "admin");

    /// <summary>Who holds an admin key that was made by the API.</summary>
    public static Caller WithAdminKey(string keyId, Keys.AdminRole role) =>
        role == Keys.AdminRole.Viewer ? new(CallerKind.Viewer, null, "viewer:" + keyId) : new(CallerKind.Admin, null, "admin:" + keyId);

    /// <summary>Who holds a producer's key. The longest names of producers are cut: so much fits into a record.</summary>
    public static Caller OfProducer(long id, string name) =>
        new(CallerKind.Producer, id, $"producer:{name}" is { Length: > MaxNameLength } tooLong ? tooLong[..MaxNameLength] : $"producer:{name}");
}

/// <summary>What a caller may do.</summary>
public enum CallerKind
{
    /// <summary>Everything: the service listens to this machine only.</summary>
    Loopback,

    /// <summary>Everything: an admin key whose role is operator.</summary>
    Admin,

    /// <summary>See everything and change nothing: an admin key whose role is viewer.</summary>
    Viewer,

    /// <summary>Messages of its own.</summary>
    Producer,
}

/// <summary>The caller of a request.</summary>
public static class CallerOfRequest
{
    /// <summary>Who makes this request.</summary>
    /// <exception cref="InvalidOperationException">The access check did not run: a mistake in the pipeline.</exception>
    public static Caller Caller(this HttpContext context) =>
        context.Features.Get<Caller>() ?? throw new InvalidOperationException("The access check has not run for this request.");

    /// <summary>Whether a request comes from administration, whatever its role: by key, by sign-in, or from this machine in <c>Loopback</c> mode.</summary>
    public static bool IsAdministration(this HttpContext context) =>
        context.Features.Get<Caller>() is { Kind: CallerKind.Loopback or CallerKind.Admin or CallerKind.Viewer };

    /// <summary>Whether its caller may look and change nothing.</summary>
    public static bool IsReadOnly(this HttpContext context) => context.Features.Get<Caller>() is not { Kind: CallerKind.Loopback or CallerKind.Admin };
}
