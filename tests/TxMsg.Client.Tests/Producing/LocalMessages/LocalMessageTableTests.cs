using System.Data.Common;
using System.Diagnostics;
using Dapper;
using FluentAssertions;
using Microsoft.Extensions.Options;
using NUnit.Framework;
using TxMsg.Client.Local;
using TxMsg.Client.Producing.LocalMessages;

namespace TxMsg.Client.Tests.Producing.LocalMessages;

/// <summary>What is written with the caller's transaction, and when it is sent.</summary>
public sealed class LocalMessageTableTests(SqlDialect dialect) : LocalMessageFixture(dialect)
{
    [Test]
    public async Task Message_OfACommittedTransaction_IsSentWithAllThatItIsMadeOf()
    {
        var payload = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();
        var message = new Message("orders ü", payload)
        {
            ContentType = "application/x-order",
            Key = "order 7",
            Tag = "new",
            OrderingKey = "customer Ä",
            Headers = new Dictionary<string, string> { ["Region"] = "eu", ["a"] = "" },
            Delay = TimeSpan.FromSeconds(1.5),
        };
        using var span = new Activity("order").SetIdFormat(ActivityIdFormat.W3C).Start();
        span.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        await EnqueueAsync(message);
        span.Stop();

        await DrainAsync(NewRelay());

        Coordinator.LastProducer.Should().Be("shop");
        var sent = Coordinator.Taken.Should().ContainSingle().Subject;
        sent.Payload.ToArray().Should().Equal(payload);
        sent.Should().BeEquivalentTo(message, options => options.Excluding(it => it.Payload));
        Coordinator.TraceParents[message.Id].Should().StartWith($"00-{span.TraceId}-").And.NotContain(span.SpanId.ToHexString());
        (await StateOfAsync(message)).Should().Be(Sent);
    }

    [Test]
    public async Task Message_WithTheLeast_IsSentAsItWas()
    {
        var message = await EnqueueAsync(new Message("t", ReadOnlyMemory<byte>.Empty));
        await DrainAsync(NewRelay());
        var sent = Coordinator.Taken.Should().ContainSingle().Subject;
        sent.Should().BeEquivalentTo(message, options => options.Excluding(it => it.Payload));
        sent.Payload.Length.Should().Be(0);
        Coordinator.TraceParents[message.Id].Should().BeNull();
    }

    [Test]
    public async Task Message_OfATransactionThatRolledBack_IsNeverSent()
    {
        await EnqueueAsync(NewMessage(), commit: false);
        await DrainAsync(NewRelay());
        Coordinator.Arrived.Should().BeEmpty();
        (await CountAsync()).Should().Be(0);
    }

    [Test]
    public async Task Message_OfATransactionThatIsStillOpen_IsNotSentBeforeItCommits()
    {
        var relay = NewRelay();
        await using var connection = await Database.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var message = NewMessage("k");
        await Table.EnqueueAsync(transaction, message);

        await DrainAsync(relay);
        Coordinator.Arrived.Should().BeEmpty();

        await transaction.CommitAsync();
        await DrainAsync(relay);
        Coordinator.TakenIds.Should().Equal(message.Id);
    }

    [Test]
    public async Task Table_IsMadeOnceByInstancesThatStartTogether()
    {
        await using (var connection = await Database.OpenAsync()) await connection.ExecuteAsync("DROP TABLE txmsg_local_messages");
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            await using var connection = await Database.OpenAsync();
            await Table.CreateTableAsync(connection);
        })));
        await EnqueueAsync();
        (await CountAsync()).Should().Be(1);
    }

    [Test]
    public async Task Enqueue_OfAnIdThatIsThere_IsRefusedByTheDatabase()
    {
        var message = await EnqueueAsync();
        var again = async () => await EnqueueAsync(new Message("other", "x"u8.ToArray()) { Id = message.Id });
        (await again.Should().ThrowAsync<DbException>()).Which.Should().Match<DbException>(exception => DbErrors.IsDuplicateKey(exception));
    }

    [Test]
    public async Task Enqueue_InATransactionThatHasEnded_IsRefused()
    {
        await using var connection = await Database.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await transaction.RollbackAsync();
        var late = async () => await Table.EnqueueAsync(transaction, NewMessage());
        await late.Should().ThrowAsync<Exception>().Where(exception => exception is ArgumentException || exception is InvalidOperationException);
    }

    [TestCaseSource(nameof(WrongMessages))]
    public async Task Enqueue_OfWhatTheCoordinatorWouldRefuse_SaysWhatIsWrong(string field, Message message)
    {
        var enqueue = async () => await EnqueueAsync(message);
        (await enqueue.Should().ThrowAsync<ArgumentException>()).WithMessage($"* {field}: *").WithParameterName("message");
        (await CountAsync()).Should().Be(0);
    }

    [TestCase(null, 256 * 1024)]
    [TestCase(100, 100)]
    public async Task Enqueue_OfALargerPayloadThanTheMost_SaysHowLargeItMayBe(int? configured, int most)
    {
        var table = new LocalMessageTable(Time, configured is null ? null : Options.Create(new LocalMessageOptions { MaxPayloadBytes = configured.Value }));
        await using var connection = await Database.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await table.EnqueueAsync(transaction, new Message("t", new byte[most]));
        var enqueue = async () => await table.EnqueueAsync(transaction, new Message("t", new byte[most + 1]));
        (await enqueue.Should().ThrowAsync<ArgumentException>()).WithMessage($"*payload: It has {most + 1} bytes, and LocalMessageOptions.MaxPayloadBytes is {most}.*");
    }

    [Test]
    public async Task Enqueue_OfAMessageWithSeveralFaults_NamesThemAll()
    {
        var enqueue = async () => await EnqueueAsync(new Message("t", default) { Key = "", ContentType = "json" });
        (await enqueue.Should().ThrowAsync<ArgumentException>()).WithMessage("The message cannot be enqueued: key: *; contentType: *");
    }

    private static IEnumerable<TestCaseData> WrongMessages()
    {
        var text = new string('x', 257);
        yield return Of("topic", "missing", new Message("", default));
        yield return Of("topic", "long", new Message(text, default));
        yield return Of("key", "long", new Message("t", default) { Key = text });
        yield return Of("key", "of two lines", new Message("t", default) { Key = "a\nb" });
        yield return Of("tag", "empty", new Message("t", default) { Tag = "" });
        yield return Of("orderingKey", "long", new Message("t", default) { OrderingKey = text });
        yield return Of("contentType", "long", new Message("t", default) { ContentType = "a/" + text });
        yield return Of("contentType", "no media type", new Message("t", default) { ContentType = "json" });
        yield return Of("delaySeconds", "negative", new Message("t", default) { Delay = TimeSpan.FromSeconds(-1) });
        yield return Of("delaySeconds", "long", new Message("t", default) { Delay = TimeSpan.FromDays(366) });
        yield return Of("headers", "many", new Message("t", default) { Headers = Enumerable.Range(0, 33).ToDictionary(i => $"h{i}", _ => "") });
        yield return Of("headers.h", "long", Headed("h", new string('x', 2049)));
        yield return Of("headers.city", "not ASCII", Headed("city", "Zürich"));
        yield return Of("headers.a b", "a name with a space", Headed("a b", "x"));

        static Message Headed(string name, string value) => new("t", default) { Headers = new Dictionary<string, string> { [name] = value } };

        static TestCaseData Of(string field, string fault, Message message) => new TestCaseData(field, message).SetArgDisplayNames(field, fault);
    }
}
