using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.Sqlite;

namespace TxMsg.Server.Access.KeyRing;

/// <summary>Where the keys are that encrypt signing secrets and sign-in cookies: as configured, else with the store.</summary>
public sealed class KeyRingLocation(StoreDatabase database, IOptions<AccessOptions> options) : IConfigureOptions<KeyManagementOptions>
{
    private readonly string? folder = options.Value.KeyRingPath is { Length: > 0 } path
        ? Path.GetFullPath(path)
        : database is SqliteDatabase sqlite ? Path.Combine(sqlite.Folder, "keys") : null;

    /// <summary>The place as an operator knows it.</summary>
    public string DisplayName => folder is null ? "the table data_protection_keys" : $"the folder {folder}";

    /// <inheritdoc/>
    public void Configure(KeyManagementOptions keys) => keys.XmlRepository = folder is null ? new DatabaseKeyRing(database) : new FolderKeyRing(folder);
}
