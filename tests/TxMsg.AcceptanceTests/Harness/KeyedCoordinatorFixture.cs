namespace TxMsg.AcceptanceTests.Harness;

/// <summary>A coordinator that asks everybody for a key.</summary>
public abstract class KeyedCoordinatorFixture(StoreKind kind) : CoordinatorFixture(kind)
{
    private readonly string adminKey = Unique.Name("admin") + Guid.NewGuid().ToString("N");

    protected override string AdminKey => adminKey;

    protected override Settings Configure(Settings settings) => settings.RequiringKeys(adminKey);

    /// <summary>A new admin key.</summary>
    protected Task<(string KeyId, string Key)> CreateAdminKeyAsync(string role, string? name = null) => Api.CreateAdminKeyAsync(role, name);
}
