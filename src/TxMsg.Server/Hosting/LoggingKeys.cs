using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using TxMsg.Server.Hosting.Configuration;

namespace TxMsg.Server.Hosting;

/// <summary>Checks the section <c>Logging</c>: the host falls over a level that there is not, and takes any name for a formatter.</summary>
internal sealed class LoggingKeys(IConfiguration configuration) : IValidateOptions<ForeignConfiguration>
{
    /// <summary>The section's name.</summary>
    public const string Section = "Logging";

    /// <summary>What a level may be, in words.</summary>
    public static readonly string Levels = string.Join(" or ", Enum.GetNames<LogLevel>());

    /// <summary>What the formatter may be, in words.</summary>
    public static readonly string Formatters = string.Join(" or ", FormatterNames);

    private const string LevelsKey = "LogLevel";

    private static string[] FormatterNames => [ConsoleFormatterNames.Simple, ConsoleFormatterNames.Systemd, ConsoleFormatterNames.Json];

    public ValidateOptionsResult Validate(string? name, ForeignConfiguration options)
    {
        var failures = WrongShapes().Concat(WrongLevels()).Concat(WrongFormatter()).ToArray();
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    /// <summary>Levels that there are not: <c>Logging:LogLevel:*</c>, and those of one provider such as <c>Logging:Console:LogLevel:*</c>.</summary>
    public IEnumerable<string> WrongLevels() => LevelSections()
        .SelectMany(levels => levels.AsEnumerable().Where(level => level.Key != levels.Path))
        .Where(level => !string.IsNullOrEmpty(level.Value) && !OptionParser.TryParse(level.Value, typeof(LogLevel), out _, out _))
        .Select(level => $"{level.Key} is '{level.Value}'; it must be {Levels}.");

    // A level without a category would be no level at all.
    private IEnumerable<string> WrongShapes() => LevelSections().Prepend(configuration.GetSection(Section))
        .Where(section => !string.IsNullOrEmpty(section.Value))
        .Select(section => $"{section.Path} has a value of its own; it is a section with keys such as {Section}:{LevelsKey}:Default.");

    private IEnumerable<IConfigurationSection> LevelSections()
    {
        var logging = configuration.GetSection(Section);
        return logging.GetChildren().Select(provider => provider.GetSection(LevelsKey)).Prepend(logging.GetSection(LevelsKey));
    }

    private IEnumerable<string> WrongFormatter() =>
        configuration["Logging:Console:FormatterName"] is not { Length: > 0 } formatter || FormatterNames.Contains(formatter, StringComparer.OrdinalIgnoreCase)
            ? []
            : [$"Logging:Console:FormatterName is '{formatter}'; it must be {Formatters}."];
}
