using System.Reflection;

namespace TxMsg.Server.Hosting.Configuration;

/// <summary>Reads a section into an object, property by property, and notes every value that cannot be read and every key that
/// nobody knows: a misspelt limit must not silently be no limit.</summary>
/// <param name="configuration">All sources.</param>
/// <param name="failures">Where it notes what is wrong.</param>
internal sealed class SectionReader(IConfiguration configuration, List<string> failures)
{
    /// <summary>Reads what the section has; the rest stays as it is.</summary>
    /// <param name="section">What to read.</param>
    /// <param name="target">What to fill.</param>
    /// <param name="others">Names below the section that others read.</param>
    public void Read(IConfigurationSection section, object target, IEnumerable<string> others)
    {
        var properties = target.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).ToArray();
        var known = properties.Select(property => property.Name).Concat(others).Distinct().ToArray();
        // It is not shown: what stands at the wrong place may be a secret.
        if (HasValue(section)) failures.Add($"{section.Path} has a value of its own; it is a section with {string.Join(", ", known)}.");
        foreach (var child in section.GetChildren())
        {
            if (Array.Find(properties, property => IsNamed(property.Name, child.Key)) is { } property) ReadProperty(child, target, property);
            else if (!known.Any(name => IsNamed(name, child.Key))) failures.Add($"{child.Path} is not a known key; {section.Path} has {string.Join(", ", known)}.");
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

    private Array ReadList(IConfigurationSection list, Type item) =>
        OptionParser.IsScalar(item) ? ReadScalars(ListSource.ItemsOf(configuration, list.Path, failures), item) : ReadSections(list, item);

    private Array ReadScalars(IConfigurationSection[] children, Type item)
    {
        var items = Array.CreateInstance(item, children.Length);
        foreach (var (i, child) in children.Index()) ReadScalar(child, item, value => items.SetValue(value, i));
        return items;
    }

    private Array ReadSections(IConfigurationSection list, Type item)
    {
        if (HasValue(list)) failures.Add($"{list.Path} has a value of its own; it is a list of sections: {list.Path}:0, {list.Path}:1, ...");
        var children = list.GetChildren().ToArray();
        var items = Array.CreateInstance(item, children.Length);
        foreach (var (i, child) in children.Index())
        {
            var value = Activator.CreateInstance(item)!;
            Read(child, value, []);
            items.SetValue(value, i);
        }

        return items;
    }

    // An empty text is how an environment variable says "not set".
    private static bool HasValue(IConfigurationSection section) => !string.IsNullOrEmpty(section.Value);

    private static Type ItemOf(Type list) => list.GetElementType() ?? list.GetGenericArguments()[0];

    private static bool IsNamed(string name, string key) => name.Equals(key, StringComparison.OrdinalIgnoreCase);
}
