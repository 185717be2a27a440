using System.Runtime.CompilerServices;

namespace TxMsg.Server.Hosting.Configuration;

/// <summary>What the values of an options class must be. A message names the key, the value and what it must be.</summary>
/// <param name="section">Where the options stand in the configuration.</param>
public sealed class OptionRules<T>(string section)
{
    private readonly List<Func<T, IEnumerable<string?>>> checks = [];
    private readonly Dictionary<string, string> words = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A value from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public OptionRules<T> Range<TValue>(Func<T, TValue> value, TValue min, TValue max, [CallerArgumentExpression(nameof(value))] string expression = "")
        where TValue : struct, IComparable<TValue> =>
        OptionalRange(options => value(options), min, max, expression);

    /// <summary>Nothing, or a value from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public OptionRules<T> OptionalRange<TValue>(Func<T, TValue?> value, TValue min, TValue max, [CallerArgumentExpression(nameof(value))] string expression = "")
        where TValue : struct, IComparable<TValue>
    {
        var name = PropertyOf(expression);
        var rule = $"from {OptionText.Of(min)} to {OptionText.Of(max)}";
        words[name] = rule;
        checks.Add(options => [value(options) is { } given && !IsBetween(given, min, max) ? Line(name, OptionText.Of(given), rule) : null]);
        return this;
    }

    /// <summary>At least one number and at most so many, each from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public OptionRules<T> Each(Func<T, IReadOnlyList<double>?> values, int maxCount, double min, double max, [CallerArgumentExpression(nameof(values))] string expression = "")
    {
        var name = PropertyOf(expression);
        var rule = $"from {OptionText.Of(min)} to {OptionText.Of(max)}";
        words[name] = $"1 to {maxCount} numbers, each {rule}";
        // None is what a variable that is not set looks like, not what anybody wants.
        checks.Add(options => [values(options) is { } list && (list.Count == 0 || list.Count > maxCount) ? $"{section}:{name} has {list.Count} values; it must have {words[name]}." : null]);
        checks.Add(options => LinesOf(name, values(options) ?? [], rule, value => IsBetween(value, min, max)));
        return this;
    }

    /// <summary>Texts that are each right by themselves. What is wrong is shown: they are no secrets.</summary>
    /// <param name="values">The texts.</param>
    /// <param name="rule">Goes on after "it must be".</param>
    /// <param name="isRight">Whether one of them is right.</param>
    /// <param name="expression">The expression of <paramref name="values"/>, which names the key.</param>
    public OptionRules<T> Each(Func<T, IReadOnlyList<string>> values, string rule, Func<string, bool> isRight, [CallerArgumentExpression(nameof(values))] string expression = "")
    {
        var name = PropertyOf(expression);
        words[name] = $"each {rule}";
        checks.Add(options => LinesOf(name, values(options), rule, isRight));
        return this;
    }

    /// <summary>Anything else. The value is not shown: it may be a secret.</summary>
    /// <param name="name">The key below the section.</param>
    /// <param name="rule">Goes on after "it must be".</param>
    /// <param name="wrong">What is wrong with the value ("is missing"), or null.</param>
    public OptionRules<T> Must(string name, string rule, Func<T, string?> wrong)
    {
        words.TryAdd(name, rule);
        checks.Add(options => [wrong(options) is { } what ? $"{section}:{name} {what}; it must be {rule}." : null]);
        return this;
    }

    /// <summary>Everything that is wrong with these options.</summary>
    public IEnumerable<string> Check(T options) => checks.SelectMany(check => check(options)).OfType<string>();

    /// <summary>What a key's value must be, in words, or null.</summary>
    public string? RuleOf(string name) => words.GetValueOrDefault(name);

    private IEnumerable<string> LinesOf<TItem>(string name, IReadOnlyList<TItem> items, string rule, Func<TItem, bool> isRight) =>
        items.Index().Where(item => !isRight(item.Item)).Select(item => Line($"{name}:{item.Index}", Shown(item.Item), rule));

    private string Line(string name, string value, string rule) => $"{section}:{name} is {value}; it must be {rule}.";

    // Of a text one has to see where it begins and ends.
    private static string Shown<TItem>(TItem value) => value is string text ? $"'{text}'" : OptionText.Of(value);

    // Not a number is not between anything.
    private static bool IsBetween<TValue>(TValue value, TValue min, TValue max)
        where TValue : IComparable<TValue> => value.CompareTo(min) >= 0 && value.CompareTo(max) <= 0;

    // "options => options.Timeout" is the key Timeout.
    private static string PropertyOf(string expression) => expression[(expression.LastIndexOf('.') + 1)..];
}
