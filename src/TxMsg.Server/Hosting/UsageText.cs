using System.Reflection;
using TxMsg.Server.Hosting.Configuration;

namespace TxMsg.Server.Hosting;

/// <summary>What <c>--help</c> prints: written from the options themselves, so that it cannot fall behind them.</summary>
internal static class UsageText
{
    private const string Head = """
        TxMsg, a transactional message coordinator.

        Usage: TxMsg.Server [--Key value]...

        Keys stand on the command line (--Urls http://127.0.0.1:5080), in environment variables (TxMsg__Store__Provider), in
        appsettings.json of the working directory, or in appsettings.json beside the program; the first of these that has one counts.
        Durations are [days.]hh:mm:ss. Lists are Key:0, Key:1, ..., or one value with commas; the first that says anything of a list
        gives all of it.

          --help, -h    show this
          --version     show the version

        """;

    /// <summary>Prints all keys of these sections with their defaults and what they may be.</summary>
    public static void Print(TextWriter output, IEnumerable<OptionsSection> sections)
    {
        output.WriteLine(Head);
        output.WriteLine($"{"Key",-48} Default");
        WriteKey(output, "Urls", "http://127.0.0.1:5080", null);
        WriteKey(output, "Logging:LogLevel:Default", "Information", LoggingKeys.Levels);
        WriteKey(output, "Logging:Console:FormatterName", "simple", LoggingKeys.Formatters);
        foreach (var section in sections.OrderBy(section => section.Path, StringComparer.Ordinal)) WriteSection(output, section);
    }

    private static void WriteSection(TextWriter output, OptionsSection section)
    {
        var defaults = Activator.CreateInstance(section.Type)!;
        foreach (var property in section.Type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
            WriteProperty(output, section, property, property.GetValue(defaults));
    }

    private static void WriteProperty(TextWriter output, OptionsSection section, PropertyInfo property, object? value)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var item = type.IsArray ? type.GetElementType()! : type;
        if (type.IsArray && !OptionParser.IsScalar(item))
        {
            foreach (var inner in item.GetProperties().Where(inner => inner.CanWrite)) WriteKey(output, $"{section.Path}:{property.Name}:0:{inner.Name}", "", null);
            return;
        }

        var rule = type.IsEnum ? string.Join(" or ", Enum.GetNames(type)) : section.RuleOf(property.Name);
        WriteKey(output, $"{section.Path}:{property.Name}", OptionText.Of(value), rule);
    }

    private static void WriteKey(TextWriter output, string key, string value, string? rule)
    {
        var text = value.Length > 0 ? value : "none";
        output.WriteLine(rule is null ? $"{key,-48} {text}" : $"{key,-48} {text}  ({rule})");
    }
}
