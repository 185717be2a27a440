using System.Buffers.Text;
using System.Security.Cryptography;
using TxMsg.Contracts.Registration;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Access.Keys;

/// <summary>Makes and deletes API keys. Each change raises the version of the registry, so that every node sees it within a second.</summary>
public sealed class ApiKeyAdministration(RegistryCache registry, TimeProvider time)
{
    private const string Prefix = "txk_";
    private const int KeyBytes = 32;

    /// <summary>Makes a key of a producer, or of administration when none is given.</summary>
    public async Task<ApiKeyResource> CreateAsync(long? producerId)
    {
        var key = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now).ToString();
        KeyHash.TryOf(key, out var hash);
        await registry.ChangeAsync("AddApiKey", new { id, producerId, keyHash = hash.ToArray(), now = now.ToUnixTimeMilliseconds() });
        return new ApiKeyResource { KeyId = id, Key = key, CreatedAt = now };
    }

    /// <summary>Deletes a key of a producer, or of administration when none is given; false when there is none.</summary>
    public Task<bool> DeleteAsync(long? producerId, string id) => producerId is null
        ? registry.ChangeAsync("DeleteAdminKey", new { id })
        : registry.ChangeAsync("DeleteProducerKey", new { id, producerId });

    /// <summary>The keys of a producer, or of administration when none is given, oldest first; without the keys themselves.</summary>
    public async Task<IReadOnlyList<ApiKeyResource>> ListAsync(long? producerId, CancellationToken cancellationToken) =>
        (await registry.RefreshAsync(cancellationToken)).ApiKeys
            .Where(key => key.ProducerId == producerId)
            .Select(key => new ApiKeyResource { KeyId = key.Id, CreatedAt = key.CreatedAt })
            .ToArray();
}
