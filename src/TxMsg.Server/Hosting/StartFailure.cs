using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Hosting;

/// <summary>Says why the server does not start: in one line, for an operator, not for a debugger.</summary>
internal static class StartFailure
{
    /// <summary>The text for stderr. Only what nobody has foreseen comes with its stack.</summary>
    public static string Explain(Exception exception)
    {
        var reasons = Reasons(exception).ToArray();
        var line = "TxMsg cannot start: " + string.Join(" ", reasons.Select(reason => reason.Text).Distinct()).ReplaceLineEndings(" ");
        return reasons.All(reason => reason.IsForeseen) ? line : line + Environment.NewLine + exception;
    }

    private static IEnumerable<(string Text, bool IsForeseen)> Reasons(Exception exception) => exception switch
    {
        AggregateException many => many.InnerExceptions.SelectMany(Reasons),
        OptionsValidationException wrong => wrong.Failures.Select(failure => (failure, true)),
        StartException or StoreStartException => [(exception.Message, true)],
        // "Failed to load configuration file" is the outer half, where in it the inner one
        InvalidDataException { InnerException: { } inner } => [($"{exception.Message} {(inner.InnerException ?? inner).Message}", true)],
        IOException or SocketException or UnauthorizedAccessException or DbException => [(exception.Message, true)],
        InvalidOperationException when IsOfKestrel(exception) && exception.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase) =>
            [("An https address of Urls or Kestrel:Endpoints has no certificate; Kestrel:Certificates:Default:Path names one for all, and Kestrel:Endpoints:{name}:Certificate:Path for one. " + exception.Message, true)],
        // Kestrel's words for an address that it cannot use
        InvalidOperationException when IsOfKestrel(exception) => [(exception.Message, true)],
        _ => [(exception.Message, false)],
    };

    private static bool IsOfKestrel(Exception exception) => exception.Source is "Microsoft.AspNetCore.Server.Kestrel.Core" or "Microsoft.AspNetCore.Server.Kestrel";
}
