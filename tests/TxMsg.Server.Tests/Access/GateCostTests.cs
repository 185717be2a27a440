using System.Net;
using FluentAssertions;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;
using TxMsg.Server.Access;
using TxMsg.Server.Access.Keys;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Tests.Access;

/// <summary>The gates stand before every request: they allocate nothing.</summary>
public sealed class GateCostTests
{
    [Test]
    public void TheLoopbackGate_AllocatesNothing()
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        context.Request.Method = "POST";
        context.Request.Headers.Host = "127.0.0.1:5080";

        AllocatedBy(() => LoopbackGate.Refusal(context)).Should().Be(0);
    }

    [Test]
    public void RecognisingAKey_AllocatesNothing()
    {
        KeyHash.TryOf("txk_0123456789", out var stored);
        var snapshot = new RegistrySnapshot(1, [], [], [new ApiKey("1", null, stored, DateTimeOffset.UnixEpoch)]);

        AllocatedBy(() =>
        {
            KeyHash.TryOf("txk_0123456789", out var hash);
            return snapshot.FindKeyHolder(hash);
        }).Should().Be(0);
    }

    [Test]
    public void ReadingARequirement_AllocatesNothing()
    {
        var endpoint = new Endpoint(null, new EndpointMetadataCollection("a tag", AccessRequirement.Producer, "a summary"), "an endpoint");

        AllocatedBy(() => AccessRequirements.Of(endpoint) == AccessRequirement.Producer ? null : "wrong").Should().Be(0);
    }

    private static long AllocatedBy(Func<object?> call)
    {
        // The first calls compile and fill caches.
        for (var i = 0; i < 100; i++) call();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) call();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
