using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Tests.Transactions;

public sealed class HalfMessageCacheTests
{
    private const int Megabyte = 1024 * 1024;

    [Test]
    public void Take_OfWhatWasAdded_GivesItOnce()
    {
        var cache = new HalfMessageCache();
        var message = New(100);
        cache.Add(message);

        cache.Take(message.Message.Id).Should().BeSameAs(message);
        cache.Take(message.Message.Id).Should().BeNull();
    }

    [Test]
    public void Take_AfterOneTurn_StillGivesIt()
    {
        var cache = new HalfMessageCache();
        var message = New(100);
        cache.Add(message);
        for (var i = 0; i < 16; i++) cache.Add(New(Megabyte));

        cache.Take(message.Message.Id).Should().BeSameAs(message);
    }

    [Test]
    public void Add_OfMoreThanTheBound_DropsTheOldest()
    {
        var cache = new HalfMessageCache();
        var messages = Enumerable.Range(0, 64).Select(_ => New(Megabyte)).ToArray();
        foreach (var message in messages) cache.Add(message);

        var kept = messages.Where(message => cache.Take(message.Message.Id) is not null).ToArray();

        kept.Sum(message => (long)message.Message.Content.Payload.Length).Should().BeLessThanOrEqualTo(34L * Megabyte);
        kept.Should().Equal(messages[^kept.Length..], "the youngest are kept");
    }

    [Test]
    public void Add_OfAnIdThatIsThereAlready_KeepsTheNewContent()
    {
        // The first was decided elsewhere and purged; the producer has used its id again.
        var cache = new HalfMessageCache();
        var id = Guid.CreateVersion7();
        cache.Add(New(100, id));
        var second = New(200, id);
        cache.Add(second);

        cache.Take(id).Should().BeSameAs(second);
        cache.Take(id).Should().BeNull();
    }

    [Test]
    public void AddAndTake_FromManyThreads_LoseAndInventNothing()
    {
        var cache = new HalfMessageCache();

        Parallel.For(0, 20_000, _ =>
        {
            var message = New(10);
            cache.Add(message);
            cache.Take(message.Message.Id).Should().BeSameAs(message);
        });
    }

    private static PrepareOperation New(int bytes, Guid? id = null)
    {
        var message = new NewMessage
        {
            Id = id ?? Guid.CreateVersion7(), ProducerId = 1, Producer = "shop", Topic = "t", CheckBackAfter = TimeSpan.Zero,
            Content = new MessageContent("application/json", null, new byte[bytes]),
        };
        return new PrepareOperation(message, DateTimeOffset.UnixEpoch);
    }
}
