using TxMsg.Server.Dashboard.Parts;

namespace TxMsg.Server.Dashboard;

/// <summary>What a page shows.</summary>
/// <param name="Title">Its title, in the reader's language.</param>
/// <param name="Body">What stands below the title, beside the menu.</param>
public sealed record PageContent(string Title, Html Body)
{
    /// <summary>What stands behind the title, such as the name or the state of what the page is about.</summary>
    public Html Heading { get; init; }

    /// <summary>The HTTP status: 404 for what is not there.</summary>
    public int Status { get; init; } = 200;

    /// <summary>Says that there is nothing of this name, or with this id.</summary>
    public static PageContent NotFound(string title, string text, string name) => new(title, Html.Of($"<p>{text} {Lists.Foreign(name)}</p>")) { Status = 404 };
}
