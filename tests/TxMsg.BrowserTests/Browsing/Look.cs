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

    /// <summary>The check takes some seconds a page. What it finds hangs on the colours and on the width, and each of them is in one of these two.</summary>
    public bool IsCheckedForAccessibility => (Scheme == ColorScheme.Light) == (Width > 1000);

    public override string ToString() => $"{Scheme}, {Width} wide, {Language}";
}
