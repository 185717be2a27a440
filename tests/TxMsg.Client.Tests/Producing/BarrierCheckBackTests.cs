using System.Net;
using System.Text;
using FluentAssertions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using TxMsg.Client.AspNetCore;
using TxMsg.Client.Producing;
using TxMsg.Contracts.Signatures;

namespace TxMsg.Client.Tests.Producing;

/// <summary>Check-back requests over HTTP: which are answered, and how the others are refused.</summary>
public sealed class BarrierCheckBackTests
{
    private static readonly WebhookSecret Old = WebhookSecret.Generate();
    private static readonly WebhookSecret New = WebhookSecret.Generate();

    private readonly HttpClient http = new();
    private readonly Guid id = Guid.CreateVersion7();
    private BarrierDatabase.Sqlite database = null!;
    private WebApplication app = null!;
    private bool databaseIsDown;

    [SetUp]
    public async Task Start()
    {
        database = new BarrierDatabase.Sqlite("wal");
        await database.CreateAsync();
        databaseIsDown = false;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddBarrier();
        builder.Services.Configure<BarrierOptions>(options =>
        {
            options.Producer = "orders";
            options.Secrets.Add(Old.Reveal());
            options.Secrets.Add(New.Reveal());
            options.Connect = () => databaseIsDown ? new SqliteConnection("Data Source=/nowhere/at/all.db") : database.Connect();
        });
        app = builder.Build();
        app.MapTxMsgCheckBack("/check-back");
        await app.StartAsync();
    }

    [TearDown]
    public async Task Stop()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        await database.DisposeAsync();
    }

    [OneTimeTearDown]
    public void DisposeClient() => http.Dispose();

    [Test]
    public async Task WithoutALocalTransaction_TheAnswerIsRollback() =>
        (await AskAsync(Body(), New)).Should().Be((HttpStatusCode.OK, """{"verdict":"rollback"}"""));

    [Test]
    public async Task AfterTheLocalCommit_TheAnswerIsCommit_UnderEitherSecret()
    {
        await using (var connection = await database.OpenAsync())
        await using (var transaction = await database.BeginAsync(connection))
        {
            await app.Services.GetRequiredService<Client.Producing.TransactionBarrier>().EnterAsync(transaction, id);
            await transaction.CommitAsync();
        }

        (await AskAsync(Body(), Old)).Should().Be((HttpStatusCode.OK, """{"verdict":"commit"}"""));
        (await AskAsync(Body(), New)).Should().Be((HttpStatusCode.OK, """{"verdict":"commit"}"""));
    }

    [Test]
    public async Task AMessageOlderThanTheRows_IsUnknownWithoutARow() =>
        (await AskAsync(Body(preparedAt: DateTimeOffset.UtcNow.AddDays(-30)), New)).Should().Be((HttpStatusCode.OK, """{"verdict":"unknown"}"""));

    [Test]
    public void TheSignature_IsTheAccessControl_WhateverTheApplicationsPolicies() =>
        ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).Should().ContainSingle().Which.Metadata.GetMetadata<IAllowAnonymous>().Should().NotBeNull();

    [Test]
    public async Task AForeignSecret_IsRefused() => (await AskAsync(Body(), WebhookSecret.Generate())).Status.Should().Be(HttpStatusCode.Unauthorized);

    [Test]
    public async Task AnOldTimestamp_IsRefused() => (await AskAsync(Body(), New, age: TimeSpan.FromMinutes(6))).Status.Should().Be(HttpStatusCode.Unauthorized);

    [Test]
    public async Task AForeignProducersMessage_IsRefused() => (await AskAsync(Body("stock"), New)).Status.Should().Be(HttpStatusCode.Forbidden);

    [Test]
    public async Task ABodyThatIsTooLong_IsRefused() => (await AskAsync(Body(new string('x', 65 * 1024)), New)).Status.Should().Be(HttpStatusCode.RequestEntityTooLarge);

    [TestCase("")]
    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("""{"id":"00000000-0000-0000-0000-000000000000","producer":"orders","topic":"t","preparedAt":"2030-01-01T00:00:00Z","attempt":1}""")]
    [TestCase("""{"id":"0190163d-8694-739b-aea5-966c26f8ad91","producer":"orders","topic":"t","preparedAt":"2030-01-01T00:00:00Z","attempt":1}""")]
    [TestCase("""{"id":"$id","producer":"orders","producer":"stock","topic":"t","preparedAt":"2030-01-01T00:00:00Z","attempt":1}""")]
    [TestCase("""{"id":"$id","producer":"orders","topic":"t","preparedAt":"2030-01-01T00:00:00Z","attempt":0}""")]
    public async Task ABodyThatIsNoCheckBackOfThisMessage_IsRefused(string body) =>
        (await AskAsync(body.Replace("$id", id.ToString(), StringComparison.Ordinal), New)).Status.Should().Be(HttpStatusCode.BadRequest);

    [Test]
    public async Task ADatabaseThatFails_IsNoVerdict()
    {
        databaseIsDown = true;
        var (status, body) = await AskAsync(Body(), New);
        status.Should().Be(HttpStatusCode.ServiceUnavailable);
        body.Should().NotContain("verdict");
    }

    [Test]
    public void Options_AreCheckedAtStart()
    {
        var wrong = () => new CheckBackResponder(null!, new BarrierOptions { Secrets = { "x" }, RetainFor = TimeSpan.FromHours(1), Wait = TimeSpan.FromHours(1) }, TimeProvider.System, null!);
        wrong.Should().Throw<ArgumentException>().WithMessage("*Producer*").WithMessage("*Connect*").WithMessage("*Secrets*").WithMessage("*RetainFor*").WithMessage("*Wait*");
    }

    private string Body(string producer = "orders", DateTimeOffset? preparedAt = null) =>
        $$"""{"id":"{{id}}","producer":"{{producer}}","topic":"order-placed","key":null,"preparedAt":"{{preparedAt ?? database.Time.GetUtcNow():O}}","attempt":1,"later":true}""";

    private async Task<(HttpStatusCode Status, string Body)> AskAsync(string body, WebhookSecret secret, TimeSpan age = default)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var at = (DateTimeOffset.UtcNow - age).ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{app.Urls.Single()}/check-back") { Content = new ByteArrayContent(bytes) };
        request.Headers.Add("webhook-id", id.ToString());
        request.Headers.Add("webhook-timestamp", $"{at}");
        request.Headers.Add("webhook-signature", WebhookSignature.Sign(secret, id.ToString(), at, bytes));
        using var answer = await http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
