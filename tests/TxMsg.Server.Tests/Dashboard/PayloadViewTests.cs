using FluentAssertions;
using NUnit.Framework;
using System.Text;
using TxMsg.Server.Dashboard.Message;

namespace TxMsg.Server.Tests.Dashboard;

/// <summary>How a payload is shown.</summary>
public sealed class PayloadViewTests
{
    [TestCase("""{"a":1}""", "json", "{\n  \"a\": 1\n}")]
    [TestCase("plain text", "text", "plain text")]
    [TestCase("{broken", "text", "{broken")]
    [TestCase("", "empty", "")]
    [TestCase("null\u0001", "hex", "00000000  6e 75 6c 6c 01                                   null.\n")]
    public void Read_TellsTheForms(string payload, string form, string text)
    {
        var (foundForm, foundText) = PayloadView.Read(Encoding.UTF8.GetBytes(payload));

        foundForm.Should().Be(form);
        foundText.ReplaceLineEndings("\n").Should().Be(text);
    }

    [Test]
    public void Read_BytesThatAreNoText_AreHexadecimal()
    {
        var (form, text) = PayloadView.Read([0xff, 0xfe, .. Enumerable.Repeat((byte)'A', 15)]);

        form.Should().Be("hex");
        text.Should().Be("00000000  ff fe 41 41 41 41 41 41 41 41 41 41 41 41 41 41  ..AAAAAAAAAAAAAA\n00000010  41                                               A\n");
    }
}
