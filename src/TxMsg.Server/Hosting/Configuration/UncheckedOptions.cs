using Microsoft.Extensions.Options;

namespace TxMsg.Server.Hosting.Configuration;

/// <summary>Options as they are configured, right or wrong: for what is made, or checks others, before they are checked themselves.
/// A wrong value must not fail there, before all that is wrong has been named.</summary>
internal sealed class UncheckedOptions<T>(IEnumerable<IConfigureOptions<T>> setups)
    where T : class, new()
{
    /// <summary>Reads them.</summary>
    public T Read()
    {
        var options = new T();
        foreach (var setup in setups) setup.Configure(options);
        return options;
    }
}
