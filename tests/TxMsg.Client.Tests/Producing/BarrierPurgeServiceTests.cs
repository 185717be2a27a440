using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using TxMsg.AcceptanceTests.Harness;
using TxMsg.Client.Producing;

namespace TxMsg.Client.Tests.Producing;

/// <summary>A producer's host keeps its barrier small, also when its database is away for a while.</summary>
public sealed class BarrierPurgeServiceTests
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private volatile Exception? failure;
    private int refused;
    private ShopDatabase shop = null!;

    [SetUp]
    public async Task SetUp()
    {
        (failure, refused) = (null, 0);
        shop = await ShopDatabase.CreateAsync();
    }

    [TearDown]
    public void TearDown() => shop.Dispose();

    [Test]
    public async Task Rows_GoWhenTheyAreOld_AtTheNextInterval()
    {
        using var host = HostOf();
        await host.StartAsync();
        var old = await EnterAsync(TimeSpan.FromDays(30));
        var young = await EnterAsync(TimeSpan.FromDays(1));

        await PassAsync(() => CountAsync(old), 0);

        (await CountAsync(young)).Should().Be(1);
        await host.StopAsync();
    }

    [TestCase(typeof(InvalidOperationException))]
    [TestCase(typeof(UnauthorizedAccessException))]
    public async Task Database_ThatIsAway_IsAskedAgainAtTheNextInterval(Type problem)
    {
        using var host = HostOf();
        await host.StartAsync();
        var old = await EnterAsync(TimeSpan.FromDays(30));
        failure = (Exception)Activator.CreateInstance(problem, "The database is away.")!;
        await PassAsync(() => Task.FromResult(refused > 1 ? 0 : 1), 0);

        failure = null;

        await PassAsync(() => CountAsync(old), 0);
        await host.StopAsync();
    }

    [Test]
    public async Task Database_ThatIsNotThereAtTheStart_StopsTheStart()
    {
        failure = new InvalidOperationException("The database is away.");
        using var host = HostOf();

        await host.Invoking(one => one.StartAsync()).Should().ThrowAsync<InvalidOperationException>().WithMessage("*away*");
    }

    private SqliteConnection Connect()
    {
        if (failure is not { } thrown) return shop.Connect();
        Interlocked.Increment(ref refused);
        throw thrown;
    }

    private IHost HostOf()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddTxMsgProducer(options =>
        {
            options.Name = "shop";
            options.Secrets.Add(Unique.Secret());
            options.Coordinators.Add(new Uri("http://127.0.0.1:1"));
            options.Connect = Connect;
            options.CheckBacks.RetainFor = TimeSpan.FromDays(30);
            options.CheckBacks.PurgeInterval = TimeSpan.FromHours(1);
        });
        return builder.Build();
    }

    private async Task<Guid> EnterAsync(TimeSpan age)
    {
        var id = Guid.CreateVersion7();
        await using var connection = await shop.OpenAsync();
        await connection.ExecuteAsync(
            "INSERT INTO txmsg_barrier (id, outcome, created_at) VALUES (@id, 1, @at)",
            new { id = id.ToByteArray(bigEndian: true), at = (time.GetUtcNow() - age).ToUnixTimeMilliseconds() });
        return id;
    }

    private async Task<int> CountAsync(Guid id)
    {
        await using var connection = await shop.OpenAsync();
        return await connection.QuerySingleAsync<int>("SELECT count(*) FROM txmsg_barrier WHERE id = @id", new { id = id.ToByteArray(bigEndian: true) });
    }

    // The service begins to wait for its timer on a thread of its own: time passes until it was there to see it.
    private Task PassAsync(Func<Task<int>> read, int expected) => Eventually.HoldsAsync(async () =>
    {
        time.Advance(TimeSpan.FromHours(1));
        (await read()).Should().Be(expected);
    });
}
