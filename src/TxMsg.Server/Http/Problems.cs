namespace TxMsg.Server.Http;

/// <summary>The problems that the API answers with.</summary>
public static class Problems
{
    /// <summary>400: fields are wrong.</summary>
    public static Problem InvalidInput(FieldErrors errors) =>
        New("invalid-input", "Invalid input", 400, errors.ToString()) with { Errors = errors.ByField };

    /// <summary>400: one field is wrong.</summary>
    public static Problem InvalidInput(string field, string error)
    {
        var errors = new FieldErrors();
        errors.Add(field, error);
        return InvalidInput(errors);
    }

    /// <summary>401: no key, or none that is known.</summary>
    public static Problem Unauthenticated(string detail) => New("unauthenticated", "Authentication required", 401, detail);

    /// <summary>403: the caller may not do this.</summary>
    public static Problem Forbidden(string detail) => New("forbidden", "Forbidden", 403, detail);

    /// <summary>404: there is no such thing.</summary>
    public static Problem NotFound(string what, object name) => New("not-found", "Not found", 404, $"There is no {what} {name}.");

    /// <summary>409: another verdict is recorded.</summary>
    public static Problem VerdictConflict(Guid id, string recorded) =>
        New("verdict-conflict", "Verdict conflict", 409, $"The verdict of message {id} is {recorded}; a recorded verdict never changes.") with { Verdict = recorded };

    /// <summary>409: the id is taken by other content.</summary>
    public static Problem ContentConflict(Guid id) =>
        New("content-conflict", "Id in use", 409, $"Message {id} exists with other content. Repeat it unchanged, or use a new id.");

    /// <summary>409: its state does not take this.</summary>
    public static Problem StateConflict(string detail) => New("state-conflict", "State conflict", 409, detail);

    /// <summary>413: too long.</summary>
    public static Problem TooLarge(string what, long limit) =>
        New("too-large", "Payload too large", 413, $"The {what} is longer than {limit} bytes.");

    /// <summary>415: not JSON.</summary>
    public static Problem UnsupportedMediaType() =>
        New("unsupported-media-type", "Unsupported media type", 415, "The body must be application/json.");

    /// <summary>503: too much waits.</summary>
    public static Problem Busy() =>
        New("busy", "Busy", 503, "Too many writes wait. Nothing was stored; try again.") with { RetryAfterSeconds = 1 };

    /// <summary>503: the store does not take writes.</summary>
    public static Problem StoreUnavailable() =>
        New("store-unavailable", "Store unavailable", 503, "The store could not write. The outcome was not acknowledged; repeat the call with the same id.") with { RetryAfterSeconds = 1 };

    /// <summary>Any other.</summary>
    public static Problem New(string type, string title, int status, string? detail) =>
        new() { Type = "urn:txmsg:problem:" + type, Title = title, Status = status, Detail = detail };
}
