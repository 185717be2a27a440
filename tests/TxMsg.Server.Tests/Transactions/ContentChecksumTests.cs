using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Tests.Transactions;

public sealed class ContentChecksumTests
{
    // Reckoned by another program, from the definition of CRC-32C.
    private const long ExpectedSum = 1750428222;

    private static readonly Guid Id = new("01234567-89ab-7cde-8f01-23456789abcd");

    [Test]
    public void Of_IsTheSameForEver() =>
        Sum().Should().Be(ExpectedSum, "rows keep it for as long as they live, whichever version reads them");

    [Test]
    public void Of_AnythingThatDiffers_Differs()
    {
        long[] sums =
        [
            Sum(), Sum(id: Guid.Empty), Sum(topic: "order"), Sum(key: "k"), Sum(tag: "k"), Sum(orderingKey: "k"), Sum(key: ""), Sum(type: "text/plain"),
            Sum(headers: "{}"), Sum(payload: "[1,2,3,4,5,6,7,9]"), Sum(payload: ""), Sum(topic: "ordersk"), Sum(topic: "", key: "orders"),
        ];
        sums.Should().OnlyHaveUniqueItems();
    }

    [Test]
    public void Of_EveryBitOfAPayload_Counts()
    {
        var payload = new byte[37];
        var sums = new HashSet<long> { Sum(payload) };
        for (var bit = 0; bit < payload.Length * 8; bit++)
        {
            var changed = payload.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            sums.Add(Sum(changed)).Should().BeTrue();
        }
    }

    [Test]
    public void Fits_ARowWithoutAChecksum_Does() =>
        ContentChecksum.Fits(null, Id, "orders", null, null, null, new MessageContent("a/b", null, new byte[1])).Should().BeTrue();

    private static long Sum(byte[] payload) => ContentChecksum.Of(Id, "orders", null, null, null, new MessageContent("application/json", null, payload));

    private static long Sum(Guid? id = null, string topic = "orders", string? key = null, string? tag = null, string? orderingKey = null, string type = "application/json", string? headers = null, string payload = "[1,2,3,4,5,6,7,8]") =>
        ContentChecksum.Of(id ?? Id, topic, key, tag, orderingKey, new MessageContent(type, headers, System.Text.Encoding.UTF8.GetBytes(payload)));
}
