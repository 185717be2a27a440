using System.Buffers.Text;
using System.Security.Cryptography;
using TxMsg.Contracts.Registration;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Access.Keys;

/// <summary>Makes and deletes API keys. Each change raises the version of the registry, so that every node sees it within a second.</summary>
public sealed class ApiKeyAdministration(StoreDatabase database, RegistryCache registry, TimeProvider time)
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
        await database.WriteAsync(async connection =>
        {
            await connection.ExecuteAsync("AddApiKey", new { id, producerId, keyHash = hash.ToArray(), now = now.ToUnixTimeMilliseconds() });
            await connection.ExecuteAsync("RaiseRegistryVersion");
        });
        await registry.RefreshAsync(CancellationToken.None);
        return new ApiKeyResource { KeyId = id, Key = key, CreatedAt = now };
    }

    /// <summary>Deletes a key of a producer, or of administration when none is given; false when there is none.</summary>
    public async Task<bool> DeleteAsync(long? producerId, string id)
    {
        var deleted = await database.WriteAsync(async connection =>
        {
            var rows = producerId is null
                ? await connection.ExecuteAsync("DeleteAdminKey", new { id })
                : await connection.ExecuteAsync("DeleteProducerKey", new { id, producerId });
            if (rows > 0) await connection.ExecuteAsync("RaiseRegistryVersion");
            return rows > 0;
        });
        await registry.RefreshAsync(CancellationToken.None);
        return deleted;
    }

    /// <summary>The keys of a producer, or of administration when none is given, oldest first; without the keys themselves.</summary>
    public async Task<IReadOnlyList<ApiKeyResource>> ListAsync(long? producerId, CancellationToken cancellationToken) =>
        (await registry.RefreshAsync(cancellationToken)).ApiKeys
            .Where(key => key.ProducerId == producerId)
            .Select(key => new ApiKeyResource { KeyId = key.Id, CreatedAt = key.CreatedAt })
            .ToArray();
}
