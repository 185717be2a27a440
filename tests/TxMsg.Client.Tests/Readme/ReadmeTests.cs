using System.Net.Http.Json;
using System.Reflection;
using System.Text.RegularExpressions;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TxMsg.AcceptanceTests.Harness;
using TxMsg.Client.Tests.Consuming;
using TxMsg.Client.Tests.Coordinator;
using TxMsg.Client.Tests.Producing;

namespace TxMsg.Client.Tests.Readme;

/// <summary>What the READMEs show is what is compiled here, and it works.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Root = typeof(ReadmeTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "Root").Value!;

    [Test]
    public void Example_IsTheOneThatIsCompiled(
        [Values("README.md", "README.zh-CN.md", "src/TxMsg.Client/README.md")] string readme, [Values("producer", "consumer")] string example) =>
        TheOneThatIsCompiled(readme, example, example == "producer" ? "ProducerExample.cs" : "ConsumerExample.cs");

    [Test]
    public void ContextExample_IsTheOneThatIsCompiled() => TheOneThatIsCompiled("src/TxMsg.Client/README.md", "ef", "ContextExample.cs");

    private static void TheOneThatIsCompiled(string readme, string example, string file)
    {
        var shown = Regex.Match(File.ReadAllText(Path.Combine(Root, readme)), $"```csharp {example}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
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

        var answer = await http.PostAsJsonAsync("/orders", new ProducerExample.Order(4711, "tea"));

        ((int)answer.StatusCode).Should().Be(201);
        (await answer.Content.ReadAsStringAsync()).Should().Be("{\"id\":4711,\"text\":\"tea\"}", "what the database answered is nobody else's business");
        (await shop.CountOrdersAsync()).Should().Be(1);
        coordinator.Requests.Select(request => request.Path).Should().HaveCount(2).And.ContainSingle(path => path.EndsWith("/commit"));
    }

    [Test]
    public async Task ContextExample_SendsAnOrder()
    {
        using var shop = await ShopDatabase.CreateAsync();
        await using var coordinator = await Node.StartAsync(Told.Message());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddDbContext<ContextExample.ShopContext>(options => options.UseSqlite(shop.ConnectionString));
        builder.Services.AddTxMsgProducer(o => (o.Name, o.Coordinators, o.Secrets, o.Connect) = ("shop", [coordinator.Address], [Unique.Secret()], shop.Connect));
        await using var app = builder.Build();
        ContextExample.Map(app);
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        var answer = await http.PostAsJsonAsync("/orders", new ContextExample.Order(4711, "tea"));

        ((int)answer.StatusCode).Should().Be(201);
        (await answer.Content.ReadAsStringAsync()).Should().Be("{\"id\":4711,\"text\":\"tea\"}");
        (await shop.CountOrdersAsync()).Should().Be(1);
    }

    [Test]
    public async Task ConsumerExample_TakesFromTheStockOnce()
    {
        using var folder = new TestFolder();
        using var database = Connect();
        database.Execute("CREATE TABLE Stock (Id INTEGER PRIMARY KEY, Count INTEGER); INSERT INTO Stock VALUES (7, 10)");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = ConsumerExample.Build(builder, SignedDelivery.Secret.Reveal(), Connect);
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        var delivery = new SignedDelivery { Body = "{\"id\":7}"u8.ToArray() };

        for (var i = 0; i < 2; i++) (await http.SendAsync(delivery.ToHttp("/orders"))).EnsureSuccessStatusCode();
        var rejected = await http.SendAsync(new SignedDelivery { Body = "{\"id\":8}"u8.ToArray() }.ToHttp("/orders"));

        database.ExecuteScalar<long>("SELECT Count FROM Stock").Should().Be(9, "the second delivery is a duplicate");
        ((int)rejected.StatusCode).Should().Be(422);

        SqliteConnection Connect() => new($"Data Source={folder.File("stock.db")};Pooling=False");
    }

    [GeneratedRegex("^        ", RegexOptions.Multiline)]
    private static partial Regex Indentation();
}
