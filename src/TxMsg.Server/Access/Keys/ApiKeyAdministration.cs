using System.Buffers.Text;
using System.Security.Cryptography;
using TxMsg.Contracts.Registration;
using TxMsg.Server.Audit;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Access.Keys;

/// <summary>Makes and deletes API keys. Each change raises the version of the registry, so that every node sees it within a second.</summary>
public sealed class ApiKeyAdministration(RegistryCache registry, TimeProvider time)
{
    private const string Prefix = "txk_";
    private const int KeyBytes = 32;

    /// <summary>Makes a key of a producer.</summary>
    public async Task<ApiKeyResource> CreateOfProducerAsync(long producerId, string actor, string? reason)
    {
        var (key, shown) = New(producerId, AdminRole.Operator, null);
        await AddAsync(key, producerId, actor, reason);
        return new ApiKeyResource { KeyId = key.Id, Key = shown, CreatedAt = key.CreatedAt };
    }

    /// <summary>Makes a key of administration.</summary>
    public async Task<ApiKeyResource> CreateOfAdminAsync(AdminRole role, string? name, string actor, string? reason)
    {
        var (key, shown) = New(null, role, name);
        await AddAsync(key, role == AdminRole.Viewer ? ApiKeyRow.NoProducer : null, actor, reason);
        return ToResource(key) with { Key = shown };
    }

    /// <summary>Deletes a key of a producer, or of administration when none is given; false when there is none.</summary>
    public async Task<bool> DeleteAsync(long? producerId, string id, string actor, string? reason)
    {
        var isDeleted = false;
        await registry.ChangeAsync(async connection =>
        {
            var row = await connection.QuerySingleOrDefaultAsync<ApiKeyRow>("LockApiKey", new { id });
            // Where an earlier try of this call, whose commit got no answer, has found it, that one has deleted it.
            if (row?.ToApiKey() is not { } key || key.ProducerId != producerId) return [];
            isDeleted = true;
            await connection.ExecuteAsync("DeleteApiKey", new { id });
            return [EntryOf(AuditActions.DeleteKey, key, time.GetUtcNow(), actor, reason)];
        });
        return isDeleted;
    }

    /// <summary>The keys of a producer, or of administration when none is given, oldest first; without the keys themselves.</summary>
    public async Task<IReadOnlyList<ApiKeyResource>> ListAsync(long? producerId, CancellationToken cancellationToken) =>
        (await registry.RefreshAsync(cancellationToken)).ApiKeys.Where(key => key.ProducerId == producerId).Select(ToResource).ToArray();

    private (ApiKey Key, string Shown) New(long? producerId, AdminRole role, string? name)
    {
        var shown = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));
        KeyHash.TryOf(shown, out var hash);
        var now = time.GetUtcNow();
        return (new ApiKey(Guid.CreateVersion7(now).ToString(), producerId, hash, now, role, name), shown);
    }

    private Task AddAsync(ApiKey key, long? storedProducerId, string actor, string? reason) => registry.ChangeAsync(async connection =>
    {
        // An earlier try of this call, whose commit got no answer.
        if (await connection.QuerySingleOrDefaultAsync<ApiKeyRow>("LockApiKey", new { id = key.Id }) is not null) return [];
        await connection.ExecuteAsync("AddApiKey", new
        {
            id = key.Id,
            producerId = storedProducerId,
            keyHash = key.Hash.ToArray(),
            role = (int)key.Role,
            name = key.Name,
            now = key.CreatedAt.ToUnixTimeMilliseconds(),
        });
        return [EntryOf(AuditActions.CreateKey, key, key.CreatedAt, actor, reason)];
    });

    private static AuditEntry EntryOf(string action, ApiKey key, DateTimeOffset at, string actor, string? reason) => new()
    {
        At = at,
        Actor = actor,
        Action = action,
        ProducerId = key.ProducerId,
        Reason = reason,
        Detail = AuditDetail.Of(("keyId", key.Id), ("role", key.ProducerId is null ? key.Role.ToWire() : null), ("name", key.Name)),
    };

    private static ApiKeyResource ToResource(ApiKey key) => new()
    {
        KeyId = key.Id,
        Role = key.ProducerId is null ? key.Role.ToWire() : null,
        Name = key.Name,
        CreatedAt = key.CreatedAt,
    };
}
