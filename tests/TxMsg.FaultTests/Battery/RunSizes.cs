namespace TxMsg.FaultTests.Battery;

/// <summary>Sizes that were given on the command line, such as <c>--kills 1000</c>.</summary>
internal sealed class RunSizes(IReadOnlyDictionary<string, int> given)
{
    public static RunSizes Default { get; } = new(new Dictionary<string, int>());

    public int? Find(string name) => given.TryGetValue(name, out var size) ? size : null;
}
