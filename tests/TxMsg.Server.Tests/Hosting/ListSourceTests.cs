using System.Text;
using FluentAssertions;
using Microsoft.Extensions.Configuration;
using NUnit.Framework;
using TxMsg.Server.Hosting.Configuration;

namespace TxMsg.Server.Tests.Hosting;

/// <summary>A list is that of the highest source which says anything of it, in whichever form.</summary>
public sealed class ListSourceTests
{
    private const string Key = "TxMsg:Webhooks:AllowedNetworks";

    [TestCase("""["a","b","c"]""", "x", Description = "one value over items")]
    [TestCase("\"a,b,c\"", "x", Description = "one value over one value")]
    public void OneValue_ReplacesTheListOfALowerSource(string lower, string expected) => Items(Json(lower), Given((Key, "x"))).Should().Equal(expected);

    [TestCase("""["a","b","c"]""")]
    [TestCase("\"a,b,c\"")]
    [TestCase("\"\"")]
    [TestCase("[]")]
    [TestCase("null")]
    public void Items_ReplaceTheListOfALowerSource(string lower) => Items(Json(lower), Given((Key + ":0", "x"), (Key + ":1", "y"))).Should().Equal("x", "y");

    [TestCase("\"\"")]
    [TestCase("[]")]
    public void AnEmptyList_ReplacesTheListOfALowerSource(string empty)
    {
        Items(Given((Key, "a,b")), Json(empty)).Should().BeEmpty();
        Items(Given((Key + ":0", "a"), (Key + ":1", "b")), Json(empty)).Should().BeEmpty();
    }

    [Test]
    public void ASourceThatSaysNothingOfTheList_LeavesIt() =>
        Items(Given((Key, "a,b")), Given(("TxMsg:Webhooks:ConnectTimeout", "00:00:01"))).Should().Equal("a", "b");

    [Test]
    public void MoreThanTenItems_KeepTheirOrder()
    {
        var items = Enumerable.Range(0, 12).Select(i => ($"{Key}:{i}", (string?)$"{i}")).Reverse().ToArray();

        Items(Given(items)).Should().Equal(Enumerable.Range(0, 12).Select(i => $"{i}"));
    }

    [TestCase("a")]
    [TestCase("")]
    public void BothFormsInOneSource_AreNamed(string value)
    {
        var failures = new List<string>();

        ListSource.ItemsOf(Build(Json("[]"), Given((Key, value), (Key + ":0", "x"))), Key, failures);

        failures.Should().Equal($"{Key} has both one value and items ({Key}:0); it must have either.");
    }

    [Test]
    public void BothFormsInALowerSource_DoNotMatter() => Items(Given((Key, "a"), (Key + ":0", "b")), Given((Key, "x"))).Should().Equal("x");

    private static string?[] Items(params Action<IConfigurationBuilder>[] sources)
    {
        var failures = new List<string>();
        var items = ListSource.ItemsOf(Build(sources), Key, failures).Select(item => item.Value).ToArray();
        failures.Should().BeEmpty();
        return items;
    }

    // As the server's own is built.
    private static ConfigurationManager Build(params Action<IConfigurationBuilder>[] sources)
    {
        var configuration = new ConfigurationManager();
        foreach (var add in sources) add(configuration);
        return configuration;
    }

    private static Action<IConfigurationBuilder> Given(params (string Key, string? Value)[] values) =>
        builder => builder.AddInMemoryCollection(values.Select(pair => KeyValuePair.Create(pair.Key, pair.Value)));

    private static Action<IConfigurationBuilder> Json(string list) =>
        builder => builder.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes("{\"TxMsg\":{\"Webhooks\":{\"AllowedNetworks\":" + list + "}}}")));
}
