using System.Globalization;
using System.Resources;

namespace TxMsg.Server.Language;

/// <summary>The texts of the pages in one language; they stand in <c>Texts.resx</c> (English) and <c>Texts.zh.resx</c> (Chinese).</summary>
public sealed class Texts
{
    private static readonly ResourceManager Resources = new(typeof(Texts));
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");
    private static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh");
    private static readonly Texts InEnglish = new(English);
    private static readonly Texts InChinese = new(Chinese);

    private readonly CultureInfo culture;

    private Texts(CultureInfo culture) => this.culture = culture;

    /// <summary>The languages there are, the default first.</summary>
    public static IList<CultureInfo> Cultures { get; } = [English, Chinese];

    /// <summary>The texts in the language of this request.</summary>
    public static Texts Current => In(CultureInfo.CurrentUICulture);

    /// <summary>What <c>lang</c> attributes say.</summary>
    public string Language => culture.Name;

    /// <summary>A text by its name.</summary>
    /// <exception cref="MissingManifestResourceException">There is no such text: a mistake that a test finds.</exception>
    public string this[string name] => Resources.GetString(name, culture) ?? throw new MissingManifestResourceException($"There is no text '{name}'.");

    /// <summary>The text of a value that comes from the store, such as a state or an action; the value itself when this version does
    /// not know it, as beside a newer node.</summary>
    public string Named(string kind, string? value) => Resources.GetString($"{kind}_{value}", culture) ?? value ?? "";

    /// <summary>A text with values in its places.</summary>
    public string Format(string name, params object[] values) => string.Format(CultureInfo.InvariantCulture, this[name], values);

    /// <summary>The texts in one of the languages there are.</summary>
    public static Texts In(CultureInfo culture) => culture.Name == Chinese.Name ? InChinese : InEnglish;

    /// <summary>The first of the wanted languages that there is.</summary>
    public static CultureInfo CultureOf(IEnumerable<string?>? wanted) =>
        wanted?.Select(name => Cultures.FirstOrDefault(culture => name is not null && IsOf(name, culture))).FirstOrDefault(found => found is not null) ?? English;

    // zh-CN, zh-Hans and zh-TW are all Chinese here.
    private static bool IsOf(string name, CultureInfo culture) =>
        name.Equals(culture.Name, StringComparison.OrdinalIgnoreCase) || name.StartsWith(culture.Name + "-", StringComparison.OrdinalIgnoreCase);
}
