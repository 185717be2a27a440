namespace TxMsg.AcceptanceTests.Harness;

/// <summary>A coordinator that asks everybody for a key.</summary>
public abstract class KeyedCoordinatorFixture(StoreKind kind) : CoordinatorFixture(kind)
{
    private readonly string adminKey = Unique.Name("admin") + Guid.NewGuid().ToString("N");

    protected override string AdminKey => adminKey;

    protected override Settings Configure(Settings settings) => settings
        .With("TxMsg:Access:Mode", "ApiKeys")
        .With("TxMsg:Access:AdminKey", adminKey)
        .With("TxMsg:Webhooks:AllowedNetworks:0", "127.0.0.0/8");

    /// <summary>A new admin key.</summary>
    protected async Task<(string KeyId, string Key)> CreateAdminKeyAsync(string role, string? name = null)
    {
        var reply = (await Api.PostAsync("/v1/admin-keys", new { role, name })).Expect(201);
        return (reply.Text("keyId")!, reply.Text("key")!);
    }
}
