namespace TxMsg.AcceptanceTests.Harness;

/// <summary>The stores a coordinator can be run on.</summary>
public enum StoreKind
{
    Sqlite,
    SqlServer,
}
