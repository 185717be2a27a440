using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace TxMsg.BrowserTests.Documentation;

/// <summary>The pictures of README.md, taken of the real pages. Each run takes them anew, into <c>artifacts/pictures</c>; with
/// TXMSG_APPROVE_PICTURES=1 they become those that README.md shows.</summary>
public sealed class PicturesTests(StoreKind store) : DashboardFixture(store)
{
    private const int Minutes = 60;
    private static readonly string Root = FindRoot();

    [SetUp]
    public void TakeThemOnce()
    {
        if (Kind != StoreKind.Sqlite) Assert.Ignore("the pictures are taken on SQLite");
    }

    protected override Settings Configure(Settings settings) => settings.With("TxMsg:Nodes:Name", "coordinator-1").With("TxMsg:CheckBacks:MinBackoff", "00:00:02");

    [Test]
    public async Task Overview_IsAsReadmeShowsIt()
    {
        await TradeAsync();
        WriteHistory();
        var visit = await OpenAsync("", Look.Usual);
        await Assertions.Expect(visit.Find("[data-chart][data-drawn]")).ToHaveCountAsync(3);
        await Assertions.Expect(visit.Find(".txmsg-alert")).ToHaveCountAsync(1, new() { Timeout = 30_000 });

        await TakeAsync("overview", path => visit.Page.ScreenshotAsync(new() { Path = path, FullPage = true }));
    }

    [Test]
    public async Task Timeline_IsAsReadmeShowsIt()
    {
        var (billing, id) = await LongWayAsync();
        await WaitForDeliveryAsync(id, billing, DeliveryStates.Delivered);
        var visit = await OpenAsync($"/messages/{id}");
        await Assertions.Expect(visit.Find(".txmsg-timeline > li")).Not.ToHaveCountAsync(0);

        await TakeAsync("timeline", path => visit.Page.ScreenshotAsync(new() { Path = path, FullPage = true }));
    }

    private static async Task TakeAsync(string name, Func<string, Task> take)
    {
        var taken = Path.Combine(Directory.CreateDirectory(Path.Combine(Root, "artifacts", "pictures")).FullName, name + ".png");
        var shown = Path.Combine(Root, "docs", "pictures", name + ".png");
        await take(taken);
        if (Environment.GetEnvironmentVariable("TXMSG_APPROVE_PICTURES") == "1") File.Copy(taken, shown, overwrite: true);
        foreach (var readme in new[] { "README.md", "README.zh-CN.md" }) (await File.ReadAllTextAsync(Path.Combine(Root, readme))).Should().Contain($"docs/pictures/{name}.png");
        var (now, then) = (SizeOf(taken), SizeOf(shown));
        now.Width.Should().Be(then.Width);
        now.Height.Should().BeCloseTo(then.Height, (uint)then.Height / 4, "a page that has changed so much wants a new picture: TXMSG_APPROVE_PICTURES=1");
    }

    private static (int Width, int Height) SizeOf(string png)
    {
        var head = File.ReadAllBytes(png).AsSpan(16, 8);
        return (BinaryPrimitives.ReadInt32BigEndian(head), BinaryPrimitives.ReadInt32BigEndian(head[4..]));
    }

    private async Task TradeAsync()
    {
        var orders = Receiver.Open();
        (await Api.PutAsync("/v1/producers/orders", new NewProducer(orders.Url))).Expect(201);
        foreach (var (name, topic, answer) in new[] { ("stock", "orders.placed", 200), ("points", "orders.placed", 200), ("budget", "orders.placed", 422), ("ledger", "payments.settled", 503) })
        {
            var inbox = Receiver.Open();
            inbox.AnswerWith(new Answer(answer));
            (await Api.PutAsync($"/v1/subscriptions/{name}", new NewSubscription(topic, inbox.Url))).Expect(201);
        }

        for (var i = 0; i < 12; i++)
        {
            var id = (await Api.PostAsync("/v1/messages", new NewMessage("orders", "orders.placed") { Key = $"order-{i}", Payload = new { order = i } })).Expect(201).Id;
            if (i < 4) await Api.CommitAsync(id);
            else if (i == 4) await Api.RollbackAsync(id);
        }

        await Api.PostAsync("/v1/messages", new NewMessage("orders", "payments.settled") { Payload = new { payment = 1 }, Verdict = Verdicts.Commit });
    }

    // An hour of traffic that nobody waits for: the rows that another node would have left.
    private void WriteHistory()
    {
        using var store = new SqliteConnection($"Data Source={Path.Combine(Coordinator.Folder, "data", "txmsg.db")};Pooling=False");
        store.Open();
        var minute = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 60_000 * 60_000;
        for (var i = 1; i <= Minutes; i++)
        {
            var committed = (int)(900 + (400 * Math.Sin(i / 9.0)) + (i * 37 % 90));
            using var insert = store.CreateCommand();
            insert.CommandText = string.Create(CultureInfo.InvariantCulture, $"""
                INSERT INTO minute_stats (minute_at, node_id, prepared, committed, rolled_back, delivered, failed, dead_lettered, latencies)
                VALUES ({minute - (i * 60_000L)}, x'01', {committed + 40}, {committed}, {25 + (i * 13 % 20)}, {committed * 2}, {(i is > 20 and < 27 ? 300 : i % 7)}, 0, '{11 + (i % 3)}:{committed},{20 + (i is > 20 and < 27 ? 8 : i % 4)}:{committed / 40}')
                """);
            insert.ExecuteNonQuery();
        }
    }

    private async Task<(Consumer Consumer, string Id)> LongWayAsync()
    {
        var producer = await RegisterProducerAsync();
        var billing = await SubscribeAsync("orders.paid");
        billing.Inbox.AnswerInTurn(new Answer(503), Answer.Ok);
        var id = await producer.PrepareAsync("orders.paid", message => message with
        {
            Key = "order-4711", Tag = "card", Headers = new Dictionary<string, string> { ["tenant"] = "north" }, Payload = new { order = 4711, amount = 129.9, currency = "EUR" },
        });
        producer.CheckBacks.Decide(id, Verdicts.Unknown);
        (await Api.PostAsync($"/v1/messages/{id}/check-back", new { reason = "the customer asks where the order is" })).Expect(202);
        await producer.CheckBacks.AskedAsync(id);
        producer.CheckBacks.Decide(id, Verdicts.Commit);
        await WaitForStateAsync(id, MessageStates.Committed);
        return (billing, id);
    }

    private static string FindRoot()
    {
        var folder = TestContext.CurrentContext.TestDirectory;
        while (!File.Exists(Path.Combine(folder, "TxMsg.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
