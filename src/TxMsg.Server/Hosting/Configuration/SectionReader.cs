using System.Reflection;

namespace TxMsg.Server.Hosting.Configuration;

/// <summary>Reads a section into an object, property by property, and notes every value that cannot be read and every key that
/// nobody knows: a misspelt limit must not silently be no limit.</summary>
/// <param name="failures">Where it notes what is wrong.</param>
internal sealed class SectionReader(List<string> failures)
{
    private static readonly char[] Separators = [',', ';', ' '];

    /// <summary>Reads what the section has; the rest stays as it is.</summary>
    /// <param name="section">What to read.</param>
    /// <param name="target">What to fill.</param>
    /// <param name="others">Names below the section that others read.</param>
    public void Read(IConfigurationSection section, object target, IEnumerable<string> others)
    {
        var properties = target.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).ToArray();
        foreach (var child in section.GetChildren())
        {
            if (Array.Find(properties, property => IsNamed(property.Name, child.Key)) is { } property) ReadProperty(child, target, property);
            else if (!others.Any(name => IsNamed(name, child.Key))) Unknown(child, section, properties.Select(known => known.Name).Concat(others));
        }
    }

    private void ReadProperty(IConfigurationSection child, object target, PropertyInfo property)
    {
        var type = property.PropertyType;
        if (OptionParser.IsScalar(type)) ReadScalar(child, type, value => property.SetValue(target, value));
        else property.SetValue(target, ReadList(child, ItemOf(type)));
    }

    private void ReadScalar(IConfigurationSection child, Type type, Action<object?> set)
    {
        foreach (var below in child.GetChildren()) failures.Add($"{below.Path} is not a known key; {child.Path} has one value.");
        if (child.Value is not { } text) return;
        if (OptionParser.TryParse(text, type, out var value, out var expected)) set(value);
        else failures.Add($"{child.Path} is '{text}'; it must be {expected}.");
    }

    private Array ReadList(IConfigurationSection list, Type item)
    {
        var children = list.GetChildren().ToArray();
        if (children.Length == 0 && OptionParser.IsScalar(item)) children = Split(list);
        var items = Array.CreateInstance(item, children.Length);
        for (var i = 0; i < children.Length; i++)
        {
            var index = i;
            if (OptionParser.IsScalar(item))
            {
                ReadScalar(children[i], item, value => items.SetValue(value, index));
            }
            else
            {
                var value = Activator.CreateInstance(item)!;
                Read(children[i], value, []);
                items.SetValue(value, i);
            }
        }

        return items;
    }

    // A list may also be one value ("10.0.0.0/8, fd12::/48"), as it is handy in an environment variable.
    private static IConfigurationSection[] Split(IConfigurationSection list)
    {
        var items = (list.Value ?? "").Split(Separators, StringSplitOptions.RemoveEmptyEntries).Select((item, i) => KeyValuePair.Create($"{list.Path}:{i}", (string?)item));
        return [.. new ConfigurationBuilder().AddInMemoryCollection(items).Build().GetSection(list.Path).GetChildren()];
    }

    private void Unknown(IConfigurationSection child, IConfigurationSection section, IEnumerable<string> known) =>
        failures.Add($"{child.Path} is not a known key; {section.Path} has {string.Join(", ", known.Distinct())}.");

    private static Type ItemOf(Type list) => list.GetElementType() ?? list.GetGenericArguments()[0];

    private static bool IsNamed(string name, string key) => name.Equals(key, StringComparison.OrdinalIgnoreCase);
}
