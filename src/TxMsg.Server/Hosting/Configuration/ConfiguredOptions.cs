using Microsoft.Extensions.Options;

namespace TxMsg.Server.Hosting.Configuration;

/// <summary>Fills options from their section and checks them against their rules.</summary>
internal sealed class ConfiguredOptions<T>(IConfiguration configuration, string path, OptionRules<T> rules, IEnumerable<OptionsSection> sections)
    : IConfigureOptions<T>, IValidateOptions<T>
    where T : class, new()
{
    public void Configure(T options) => Read(options);

    public ValidateOptionsResult Validate(string? name, T options)
    {
        // Read once more into nothing: what could not be read is no longer to be seen in the options.
        var failures = Read(new T());
        failures.AddRange(rules.Check(options));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private List<string> Read(T options)
    {
        var failures = new List<string>();
        var others = sections.Select(other => other.NameBelow(path)).OfType<string>().ToArray();
        new SectionReader(configuration, failures).Read(configuration.GetSection(path), options, others);
        return failures;
    }
}
