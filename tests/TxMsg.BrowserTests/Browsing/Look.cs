namespace TxMsg.BrowserTests.Browsing;

/// <summary>How a reader looks at a page.</summary>
/// <param name="Scheme">Light or dark.</param>
/// <param name="Width">Of the window, in pixels.</param>
/// <param name="Language">What the browser asks for.</param>
public sealed record Look(ColorScheme Scheme, int Width, string Language)
{
    public static Look Usual { get; } = new(ColorScheme.Light, 1400, "en-GB");

    public static IEnumerable<Look> All { get; } =
    [
        Usual,
        new(ColorScheme.Dark, 1400, "en-GB"),
        new(ColorScheme.Light, 390, "zh-CN"),
        new(ColorScheme.Dark, 390, "en-GB"),
    ];

    public override string ToString() => $"{Scheme}, {Width} wide, {Language}";
}
