namespace TxMsg.AcceptanceTests.Harness;

/// <summary>Names of its own for each test, so that tests can share a coordinator.</summary>
public static class Unique
{
    public static string Name(string stem) => $"{stem}-{Guid.NewGuid().ToString("N")[..10]}";

    public static string Id() => Guid.CreateVersion7().ToString();

    /// <summary>A signing secret as Standard Webhooks writes it.</summary>
    public static string Secret() => "whsec_" + Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
}
