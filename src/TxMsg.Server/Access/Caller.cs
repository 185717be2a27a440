namespace TxMsg.Server.Access;

/// <summary>Who makes a request; set by the access check before any endpoint runs.</summary>
/// <param name="Kind">What the caller may do.</param>
/// <param name="ProducerId">A producer's key: whose.</param>
/// <param name="Name">For records of who did what: <c>loopback</c>, <c>admin</c> (with <c>:</c> and the id of a key that was made by the API), or the producer's name.</param>
public sealed record Caller(CallerKind Kind, long? ProducerId, string Name)
{
    /// <summary>Anybody on this machine, in <c>Loopback</c> mode.</summary>
    public static Caller Loopback { get; } = new(CallerKind.Loopback, null, "loopback");

    /// <summary>Who holds an admin key.</summary>
    public static Caller Admin { get; } = new(CallerKind.Admin, null, "admin");

    /// <summary>Who holds an admin key that was made by the API.</summary>
    public static Caller AdminWithKey(string keyId) => new(CallerKind.Admin, null, "admin:" + keyId);
}

/// <summary>What a caller may do.</summary>
public enum CallerKind
{
    /// <summary>Everything: the service listens to this machine only.</summary>
    Loopback,

    /// <summary>Everything.</summary>
    Admin,

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

    /// <summary>Whether a request comes from administration: by key, by sign-in, or from this machine in <c>Loopback</c> mode.</summary>
    public static bool IsOperator(this HttpContext context) => context.Features.Get<Caller>() is { Kind: CallerKind.Loopback or CallerKind.Admin };
}
