using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Dashboard;

namespace TxMsg.Server.Tests.Dashboard;

/// <summary>What is put into markup stays text.</summary>
public sealed class HtmlTests
{
    [TestCase("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;")]
    [TestCase("\" onmouseover=\"x", "&quot; onmouseover=&quot;x")]
    [TestCase("' &", "&#x27; &amp;")]
    [TestCase("中文 é", "中文 é")]
    public void Of_EncodesText(string text, string markup) => Html.Of($"<b>{text}</b>").ToString().Should().Be($"<b>{markup}</b>");

    [Test]
    public void Of_LeavesMarkupAsItIs() => Html.Of($"<i>{Html.Of($"<b>{"<"}</b>")}</i>").ToString().Should().Be("<i><b>&lt;</b></i>");

    [Test]
    public void Of_WritesNumbersTheSameEverywhere() => Html.Of($"{1234.5}|{(int?)null}|{7}").ToString().Should().Be("1234.5||7");

    [Test]
    public void Join_PutsOneAfterTheOther() => Html.Each([1, 2], number => Html.Of($"<li>{number}</li>")).ToString().Should().Be("<li>1</li><li>2</li>");

    [Test]
    public void Default_IsEmpty() => default(Html).ToString().Should().BeEmpty();
}
