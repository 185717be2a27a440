using System.Text.Json;

namespace TxMsg.Server.Dashboard.Parts;

/// <summary>A button that calls the HTTP API after it was confirmed. Nobody who may only look gets one.</summary>
/// <param name="Label">What the button says.</param>
/// <param name="Call">The call of the HTTP API, as <c>/v1/...</c>.</param>
public sealed record PageAction(string Label, string Call)
{
    /// <summary>What the dialog asks or explains.</summary>
    public required string Question { get; init; }

    /// <summary>The method of the call.</summary>
    public string Method { get; init; } = "POST";

    /// <summary>What the call carries beside the reason; property names in camelCase.</summary>
    public object? Body { get; init; }

    /// <summary>Where the ids of the selected rows go in the body: <c>messageIds</c>, <c>filter.messageIds</c>. None: nothing is selected.</summary>
    public string? Selection { get; init; }

    /// <summary>Whether a reason must be given.</summary>
    public bool NeedsReason { get; init; }

    /// <summary>Whether the call takes a reason at all.</summary>
    public bool TakesReason { get; init; } = true;

    /// <summary>Whether it destroys or cannot be taken back.</summary>
    public bool IsDangerous { get; init; }

    /// <summary>A page to go to with the answer's <c>id</c> at its end; none: the page is read again.</summary>
    public string? Next { get; init; }

    /// <summary>Whether the answer is shown, as after a test or a new secret.</summary>
    public bool ShowsAnswer { get; init; }

    /// <summary>A call that says how many it concerns (<c>count</c> of its answer), shown before it is confirmed.</summary>
    public string? CountCall { get; init; }

    /// <summary>Whether the call carries what was counted (<c>counted</c>): nobody confirms more than was shown.</summary>
    public bool SendsCount { get; init; }

    /// <summary>The id of a template with more fields for the dialog: each input says by <c>data-field</c> where its value goes in the body.</summary>
    public string? Fields { get; init; }

    /// <summary>The button, or nothing for a reader who may only look.</summary>
    public Html Render(PageRequest request) => request.CanOperate ? Button(request) : Html.Empty;

    private Html Button(PageRequest request) => Html.Of($"""
        <button type="button" class="btn btn-sm {(IsDangerous ? "btn-danger" : "btn-default")}" data-call="{request.Api(Call)}" data-method="{Method}"
          data-question="{Question}" data-body="{(Body is null ? null : JsonSerializer.Serialize(Body, JsonSerializerOptions.Web))}" data-selection="{Selection}"
          data-reason="{(!TakesReason ? "none" : NeedsReason ? "required" : "optional")}" data-next="{Next}" data-shows-answer="{(ShowsAnswer ? "yes" : "")}"
          data-count-call="{(CountCall is null ? null : request.Api(CountCall))}" data-sends-count="{(SendsCount ? "yes" : "")}" data-fields="{Fields}">{Label}</button>
        """);
}
