using System.Net.Http.Json;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using TxMsg.AcceptanceTests.Harness;
using TxMsg.Client.Tests.Coordinator;
using TxMsg.Client.Tests.Producing;

namespace TxMsg.Client.Tests.Readme;

/// <summary>What the package's README shows is what is compiled here, and it works.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Root = typeof(ReadmeTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "Root").Value!;

    [TestCase("producer", "ProducerExample.cs")]
    public void Example_IsTheOneThatIsCompiled(string example, string file)
    {
        var shown = Regex.Match(File.ReadAllText(Path.Combine(Root, "src/TxMsg.Client/README.md")), $"```csharp {example}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        var compiled = Regex.Match(File.ReadAllText(Path.Combine(Root, "tests/TxMsg.Client.Tests/Readme", file)), $"// README: {example}\n(.*?) *// README: end", RegexOptions.Singleline).Groups[1].Value;

        shown.Should().NotBeEmpty().And.Be(Indentation().Replace(compiled, ""));
    }

    [Test]
    public async Task ProducerExample_SendsAnOrder()
    {
        using var shop = await ShopDatabase.CreateAsync();
        await using var coordinator = await Node.StartAsync(Told.Message());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = ProducerExample.Build(builder, coordinator.Address, Unique.Secret(), shop.Connect);
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        (await http.PostAsJsonAsync("/orders", new ProducerExample.Order(4711, "tea"))).EnsureSuccessStatusCode();

        (await shop.CountOrdersAsync()).Should().Be(1);
        coordinator.Requests.Select(request => request.Path).Should().HaveCount(2).And.ContainSingle(path => path.EndsWith("/commit"));
    }

    [GeneratedRegex("^        ", RegexOptions.Multiline)]
    private static partial Regex Indentation();
}
