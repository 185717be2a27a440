using System.Net;
using System.Text.Json.Nodes;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Tests.Hosting;

namespace TxMsg.Server.Tests.Access;

/// <summary>A viewer sees everything and changes nothing.</summary>
public sealed class ViewerTests
{
    private const string Id = "0198a5c4-0000-7000-8000-000000000001";
    private TestFolder folder = null!;
    private RunningServer server = null!;
    private string viewer = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        folder = new TestFolder();
        server = await RunningServer.StartAsync(folder, RunningServer.WithKeys);
        await server.JsonAsync("PUT", "/v1/producers/shop", RunningServer.AdminKey, """{"checkBackUrl":"http://127.0.0.1:9/"}""");
        await server.JsonAsync("PUT", "/v1/subscriptions/billing", RunningServer.AdminKey, """{"topic":"orders","endpoint":"http://127.0.0.1:9/"}""");
        viewer = (string)(await server.JsonAsync("POST", "/v1/admin-keys", RunningServer.AdminKey, """{"role":"viewer","name":"Grafana"}"""))["key"]!;
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await server.DisposeAsync();
        folder.Dispose();
    }

    // Every call that the server describes: one that is added later is refused, or says here why not.
    [Test]
    public async Task EveryCallThatChangesSomething_IsRefused()
    {
        var document = await server.JsonAsync("GET", "/openapi/v1.json");
        var calls = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(call => (Method: call.Key.ToUpperInvariant(), Path: path.Key))).ToArray();
        calls.Should().HaveCountGreaterThan(30);
        foreach (var (method, path) in calls.Where(call => call.Method is not ("GET" or "HEAD")))
        {
            using var response = await server.SendAsync(method, Filled(path), viewer, "{}");
            response.StatusCode.Should().Be(HttpStatusCode.Forbidden, $"{method} {path}");
            (await response.Content.ReadAsStringAsync()).Should().Contain("A viewer may see everything and change nothing");
        }
    }

    [Test]
    public async Task EveryCallThatShowsSomething_IsAnswered()
    {
        var document = await server.JsonAsync("GET", "/openapi/v1.json");
        foreach (var path in document["paths"]!.AsObject().Where(path => path.Value!["get"] is not null).Select(path => Filled(path.Key)))
        {
            foreach (var method in (string[])["GET", "HEAD"])
            {
                using var response = await server.SendAsync(method, path, viewer);
                // HEAD where an endpoint knows GET only is 405.
                response.StatusCode.Should().BeOneOf([HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed], $"{method} {path}");
                if (method == "GET" && !path.Contains(Id, StringComparison.Ordinal)) response.StatusCode.Should().Be(HttpStatusCode.OK, path);
            }
        }
    }

    [Test]
    public async Task WhatAViewerSees_HoldsNoSecret()
    {
        await server.JsonAsync("POST", "/v1/producers/shop/rotate-secret", RunningServer.AdminKey);
        await server.JsonAsync("POST", "/v1/subscriptions/billing/rotate-secret", RunningServer.AdminKey);
        await server.JsonAsync("POST", "/v1/producers/shop/keys", RunningServer.AdminKey);
        foreach (var path in (string[])["/v1/producers", "/v1/producers/shop", "/v1/subscriptions", "/v1/subscriptions/billing", "/v1/producers/shop/keys", "/v1/admin-keys", "/v1/audit"])
        {
            var shown = (await server.JsonAsync("GET", path, viewer)).ToJsonString();
            shown.Should().NotContain("whsec_").And.NotContain("txk_").And.NotContain(RunningServer.AdminKey);
        }
    }

    [Test]
    public async Task TheList_ShowsRolesAndNames()
    {
        var items = (await server.JsonAsync("GET", "/v1/admin-keys", viewer))["items"]!.AsArray();

        items.Should().Contain(item => (string)item!["role"]! == "viewer" && (string)item["name"]! == "Grafana");
        var made = await server.JsonAsync("POST", "/v1/admin-keys", RunningServer.AdminKey);
        ((string)made["role"]!).Should().Be("operator", "that is the default");
    }

    [TestCase("""{"role":"admin"}""", "role")]
    [TestCase("""{"role":"Viewer"}""", "role")]
    [TestCase("""{"role":""}""", "role")]
    [TestCase("""{"name":""}""", "name")]
    [TestCase("""{"name":"a\nb"}""", "name")]
    [TestCase("""{"rôle":"viewer"}""", "rôle")]
    public async Task AWrongField_IsNamed(string json, string field)
    {
        using var response = await server.SendAsync("POST", "/v1/admin-keys", RunningServer.AdminKey, json);

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!["errors"]![field].Should().NotBeNull();
    }

    [Test]
    public async Task AViewer_SignsInAndLooks()
    {
        using var browser = new Browser(server.Http.BaseAddress!);
        using (var signedIn = await browser.SignInAsync(viewer)) signedIn.StatusCode.Should().Be(HttpStatusCode.SeeOther);
        var token = await browser.TokenAsync("/hangfire/recurring");

        (await browser.StatusAsync("GET", "/v1/subscriptions")).Should().Be(HttpStatusCode.OK);
        (await browser.StatusAsync("POST", "/hangfire/stats", token)).Should().Be(HttpStatusCode.OK, "the pages ask for their numbers so");
        foreach (var (method, path) in new[] { ("POST", "/hangfire/recurring/trigger"), ("POST", "/hangfire/jobs/actions/delete/1"), ("PUT", "/v1/producers/shop"), ("POST", "/v1/subscriptions/billing/pause") })
        {
            var (status, content) = await browser.SendAsync(method, path, token, "{}");
            (status, content).Should().Match<(HttpStatusCode Status, string Content)>(answer => answer.Status == HttpStatusCode.Forbidden && answer.Content.Contains("A viewer may see"), path);
        }
    }

    [TestCase("/hangfire/recurring/remove")]
    [TestCase("/hangfire/Recurring/Remove/")]
    public async Task TheSchedule_IsNobodysToRemove(string path)
    {
        using var browser = new Browser(server.Http.BaseAddress!);
        using (var signedIn = await browser.SignInAsync(RunningServer.AdminKey)) signedIn.StatusCode.Should().Be(HttpStatusCode.SeeOther);
        var token = await browser.TokenAsync("/hangfire/recurring");

        (await browser.StatusAsync("POST", path, token)).Should().Be(HttpStatusCode.Forbidden);
        (await browser.StatusAsync("POST", "/hangfire/recurring/trigger", token)).Should().Be(HttpStatusCode.NoContent);
    }

    [Test]
    public async Task TheDashboard_OffersAViewerNothingToDo()
    {
        const string Commands = "js-jobs-list-command";
        using var asOperator = await server.SendAsync("GET", "/hangfire/recurring", RunningServer.AdminKey);
        using var asViewer = await server.SendAsync("GET", "/hangfire/recurring", viewer);

        (await asOperator.Content.ReadAsStringAsync()).Should().Contain(Commands);
        (await asViewer.Content.ReadAsStringAsync()).Should().NotContain(Commands);
    }

    private static string Filled(string path) => path
        .Replace("{name}", path.Contains("producers", StringComparison.Ordinal) ? "shop" : "billing", StringComparison.Ordinal)
        .Replace("{id}", Id, StringComparison.Ordinal).Replace("{keyId}", "1", StringComparison.Ordinal);
}
