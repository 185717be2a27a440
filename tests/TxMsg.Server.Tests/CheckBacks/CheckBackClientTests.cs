using System.Text;
using System.Text.Json;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Contracts.Signatures;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Registry;
using TxMsg.Server.Tests.Webhooks;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Tests.CheckBacks;

public sealed class CheckBackClientTests
{
    private static readonly OverdueMessage Message = new()
    {
        Seq = 1, Id = new Guid("0197f5a4-0000-7000-8000-00000000000a").ToByteArray(bigEndian: true), Topic = "orders", Key = "o-1", PreparedAt = 1_700_000_000_123, CheckBacks = 2,
    };

    [TestCase("""{"verdict":"commit"}""", CheckBackAnswer.Commit)]
    [TestCase("""{"verdict":"rollback"}""", CheckBackAnswer.Rollback)]
    [TestCase("""{"verdict":"unknown"}""", CheckBackAnswer.Unknown)]
    [TestCase("""{"more":[1,{"verdict":"rollback"}], "verdict" : "c\u006fmmit" }""", CheckBackAnswer.Commit)]
    [TestCase("""{"verdict":"Commit"}""", CheckBackAnswer.Unreachable)]
    [TestCase("""{"Verdict":"commit"}""", CheckBackAnswer.Unreachable)]
    [TestCase("""{"verdict":"commit","verdict":"rollback"}""", CheckBackAnswer.Unreachable)]
    [TestCase("""{"verdict":"\ud800"}""", CheckBackAnswer.Unreachable)]
    [TestCase("""{"\ud800":1,"verdict":"commit"}""", CheckBackAnswer.Unreachable)]
    [TestCase("""{"verdict":null}""", CheckBackAnswer.Unreachable)]
    [TestCase("""{"verdict":true}""", CheckBackAnswer.Unreachable)]
    [TestCase("""{"verdict":{"verdict":"commit"}}""", CheckBackAnswer.Unreachable)]
    [TestCase("""["commit"]""", CheckBackAnswer.Unreachable)]
    [TestCase("\"commit\"", CheckBackAnswer.Unreachable)]
    [TestCase("commit", CheckBackAnswer.Unreachable)]
    [TestCase("""{"verdict":"commit"} {}""", CheckBackAnswer.Unreachable)]
    [TestCase("""{"verdict":"commit" """, CheckBackAnswer.Unreachable)]
    [TestCase("", CheckBackAnswer.Unreachable)]
    public async Task AskAsync_OfABody_ReadsIt(string body, CheckBackAnswer answer) => (await AskAsync(200, Encoding.UTF8.GetBytes(body))).Should().Be(answer);

    [Test]
    public async Task AskAsync_OfBytesThatAreNoUtf8_IsUnreachable() =>
        (await AskAsync(200, [.. "{\"verdict\":\""u8, 0xC3, 0x28, .. "\"}"u8])).Should().Be(CheckBackAnswer.Unreachable);

    [TestCase(201, CheckBackAnswer.Commit)]
    [TestCase(301, CheckBackAnswer.Unreachable)]
    [TestCase(404, CheckBackAnswer.Unreachable)]
    [TestCase(500, CheckBackAnswer.Unreachable)]
    public async Task AskAsync_OfAStatus_BelievesOnly2xx(int status, CheckBackAnswer answer) =>
        (await AskAsync(status, "{\"verdict\":\"commit\"}"u8.ToArray())).Should().Be(answer);

    [Test]
    public async Task AskAsync_OfABodyThatIsTooLong_IsUnreachable() =>
        (await AskAsync(200, Encoding.UTF8.GetBytes("""{"verdict":"commit"}""" + new string(' ', WebhookSender.MaxBodyBytes)))).Should().Be(CheckBackAnswer.Unreachable);

    [Test]
    public async Task AskAsync_WhenNobodyListens_IsUnreachable()
    {
        Uri endpoint;
        await using (var receiver = Receiver.Answering("")) endpoint = receiver.Endpoint;

        (await AskAsync(endpoint, Sending.Ample)).Should().Be(CheckBackAnswer.Unreachable);
    }

    [Test]
    public async Task AskAsync_WhenTheProducerHangs_IsUnreachableAtTheDeadline()
    {
        await using var receiver = Receiver.Misbehaving((_, stop) => Task.Delay(Timeout.Infinite, stop));

        (await AskAsync(receiver.Endpoint, Sending.Short)).Should().Be(CheckBackAnswer.Unreachable);
    }

    [Test]
    public async Task AskAsync_OfAMessage_TellsWhichAndSigns()
    {
        await using var receiver = Receiver.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await AskAsync(receiver.Endpoint, Sending.Ample);

        var request = receiver.Requests.Single();
        JsonDocument.Parse(request.Body).RootElement.GetRawText().Should().Be(
            """{"id":"0197f5a4-0000-7000-8000-00000000000a","producer":"shop","topic":"orders","key":"o-1","preparedAt":"2023-11-14T22:13:20.123Z","attempt":3}""");
        request["webhook-signature"].Should().Be(
            WebhookSignature.Sign(Sending.Secret, request["webhook-id"]!, long.Parse(request["webhook-timestamp"]!), request.Body));
    }

    private static async Task<CheckBackAnswer> AskAsync(int status, byte[] body)
    {
        var head = $"HTTP/1.1 {status} Whatever\r\nContent-Length: {body.Length}\r\nLocation: /elsewhere\r\n\r\n";
        await using var receiver = Receiver.Answering([.. Encoding.ASCII.GetBytes(head), .. body]);
        return await AskAsync(receiver.Endpoint, Sending.Ample);
    }

    private static async Task<CheckBackAnswer> AskAsync(Uri endpoint, TimeSpan timeout)
    {
        using var sender = Sending.Sender();
        var producer = Transactions.Preparing.Shop with { CheckBackUrl = endpoint, Secrets = new SigningSecrets(Sending.Secret) };
        return (await new CheckBackClient(sender, TimeProvider.System).AskAsync(Message, producer, timeout, CancellationToken.None)).Answer;
    }
}
