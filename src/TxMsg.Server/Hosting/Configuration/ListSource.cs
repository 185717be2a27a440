namespace TxMsg.Server.Hosting.Configuration;

/// <summary>A list as one source has it: the highest that says anything of it. .NET merges the items of all sources by their numbers,
/// and a value in a file would outrank the items of the command line: an allow-list would let in what nobody listed.</summary>
internal static class ListSource
{
    private static readonly char[] Separators = [',', ';', ' '];

    /// <summary>The list's items, each under its number.</summary>
    /// <param name="configuration">All sources.</param>
    /// <param name="path">Where the list stands: <c>TxMsg:Webhooks:AllowedNetworks</c>.</param>
    /// <param name="failures">Where it notes what is wrong with the form; with the items is for others to say.</param>
    public static IConfigurationSection[] ItemsOf(IConfiguration configuration, string path, List<string> failures)
    {
        var list = HighestOf(configuration, path);
        var items = list.GetChildren().ToArray();
        if (list.Value is not null && items.Length > 0) failures.Add($"{path} has both one value and items ({items[0].Path}); it must have either.");
        foreach (var wrong in items.Where(item => !item.Key.All(char.IsAsciiDigit))) failures.Add($"{wrong.Path} is not a known key; {path} is a list: {path}:0, {path}:1, ..., or one value with commas.");
        return items.Length > 0 || string.IsNullOrEmpty(list.Value) ? items : Split(path, list.Value);
    }

    private static IConfigurationSection HighestOf(IConfiguration configuration, string path)
    {
        foreach (var provider in configuration is IConfigurationRoot root ? root.Providers.Reverse() : [])
        {
            var said = Below(provider, path).ToArray();
            if (said.Length > 0) return SectionOf(path, said);
        }

        return configuration.GetSection(path);
    }

    private static IEnumerable<KeyValuePair<string, string?>> Below(IConfigurationProvider provider, string path)
    {
        if (provider.TryGet(path, out var value)) yield return KeyValuePair.Create(path, value);
        foreach (var key in provider.GetChildKeys([], path).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            foreach (var below in Below(provider, ConfigurationPath.Combine(path, key))) yield return below;
        }
    }

    // A list may also be one value ("10.0.0.0/8, fd12::/48"), as it is handy in an environment variable.
    private static IConfigurationSection[] Split(string path, string value)
    {
        var items = value.Split(Separators, StringSplitOptions.RemoveEmptyEntries).Select((item, i) => KeyValuePair.Create($"{path}:{i}", (string?)item));
        return [.. SectionOf(path, items).GetChildren()];
    }

    private static IConfigurationSection SectionOf(string path, IEnumerable<KeyValuePair<string, string?>> values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values).Build().GetSection(path);
}
