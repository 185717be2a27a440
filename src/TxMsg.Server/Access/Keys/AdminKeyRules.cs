using TxMsg.Contracts.Registration;
using TxMsg.Server.Http;

namespace TxMsg.Server.Access.Keys;

/// <summary>What a key of administration may be made of.</summary>
internal static class AdminKeyRules
{
    private const int MaxNameLength = 128;

    /// <summary>The role that is asked for; null when something is wrong, then <paramref name="errors"/> says what.</summary>
    public static AdminRole? Check(AdminKeyRequest request, FieldErrors errors)
    {
        var role = request.Role is null ? AdminRole.Operator : AdminRoleNames.Parse(request.Role);
        if (role is null) errors.Add("role", "One of operator, viewer.");
        if (request.Name is { Length: 0 or > MaxNameLength }) errors.Add("name", $"1 to {MaxNameLength} characters.");
        else if (request.Name?.Any(char.IsControl) == true) errors.Add("name", "Control characters are not allowed.");
        Reasons.Check(request.Reason, errors);
        return errors.IsEmpty ? role : null;
    }
}
