using System.Net;
using FluentAssertions;
using Hangfire.Dashboard;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;
using TxMsg.Server.Dashboard.Hosting;
using TxMsg.Server.Tests.Hosting;

namespace TxMsg.Server.Tests.Dashboard;

/// <summary>Hangfire reads a form whatever was sent: what is none is the caller's mistake, not the server's.</summary>
public sealed class HangfireFormTests
{
    private TestFolder folder = null!;
    private RunningServer server = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        folder = new TestFolder();
        server = await RunningServer.StartAsync(folder, RunningServer.WithKeys);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await server.DisposeAsync();
        folder.Dispose();
    }

    [TestCase("GET", "/hangfire/stats")]
    [TestCase("HEAD", "/hangfire/Stats/")]
    [TestCase("GET", "/hangfire/recurring/trigger")]
    [TestCase("PUT", "/hangfire/jobs/failed/requeue")]
    public async Task AWrongMethod_IsRefused(string method, string path)
    {
        using var response = await server.SendAsync(method, path, RunningServer.AdminKey);

        response.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
        response.Content.Headers.Allow.Should().Equal("POST");
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        ShouldLogNothing();
    }

    [TestCase("/hangfire/stats", "{}")]
    [TestCase("/hangfire/recurring/trigger", "{}")]
    [TestCase("/hangfire/recurring/trigger", null)]
    [TestCase("/hangfire/jobs/scheduled/enqueue", "{}")]
    public async Task WhatIsNoForm_IsRefused(string path, string? json)
    {
        using var response = await server.SendAsync("POST", path, RunningServer.AdminKey, json);

        response.StatusCode.Should().Be(HttpStatusCode.UnsupportedMediaType);
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        (await response.Content.ReadAsStringAsync()).Should().Contain("The body must be a form");
        ShouldLogNothing();
    }

    [Test]
    public async Task WithoutAKey_NothingIsToldOfIt()
    {
        using var response = await server.SendAsync("GET", "/hangfire/stats");

        response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    // A version of Hangfire with another page of this kind would be found out here.
    [Test]
    public void EveryPathOfHangfire_IsKnownForWhatItReads()
    {
        string[] areas = ["enqueued", "processing", "scheduled", "succeeded", "failed", "deleted", "awaiting"];
        string[] verbs = ["", "/delete", "/requeue", "/enqueue", "/trigger", "/remove"];
        var paths = areas.SelectMany(area => verbs.Select(verb => $"/jobs/{area}{verb}"))
            .Concat(verbs.SelectMany(verb => new[] { "/recurring" + verb, "/retries" + verb, "/servers" + verb }))
            .Concat(["/", "/stats", "/jobs/actions/requeue/1", "/jobs/actions/delete/1", "/jobs/details/1", "/js1"]);
        foreach (var path in paths)
        {
            var reads = DashboardRoutes.Routes.FindDispatcher(path)?.Item1.GetType().Name is "JsonStats" or "BatchCommandDispatcher";
            if (reads) HangfireForms.IsRead(new PathString(path)).Should().BeTrue(path);
        }

        HangfireForms.IsRead("/jobs/details/1").Should().BeFalse();
        HangfireForms.IsRead("/jobs/actions/delete/1").Should().BeFalse("it reads nothing");
    }

    private void ShouldLogNothing() => server.Log.Entries.Should().NotContain(entry => entry.Contains("failed", StringComparison.Ordinal));
}
