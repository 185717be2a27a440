using System.Globalization;
using Microsoft.AspNetCore.Localization;

namespace TxMsg.Server.Language;

/// <summary>The language that a browser asks for.</summary>
internal static class RequestLanguage
{
    private static readonly AcceptLanguageHeaderRequestCultureProvider Languages = new()
    {
        Options = new RequestLocalizationOptions { SupportedCultures = Texts.Cultures, SupportedUICultures = Texts.Cultures },
    };

    /// <summary>The first of the wanted languages that there is.</summary>
    public static async Task<CultureInfo> OfAsync(HttpContext context) =>
        Texts.CultureOf((await Languages.DetermineProviderCultureResult(context))?.UICultures.Select(name => name.Value));

    /// <summary>The texts in that language.</summary>
    public static async Task<Texts> TextsAsync(HttpContext context) => Texts.In(await OfAsync(context));
}
