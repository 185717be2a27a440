using System.Text;
using System.Text.Json;
using FluentAssertions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using NUnit.Framework;
using TxMsg.Server.Http;

namespace TxMsg.Server.Tests.Http;

public sealed class RequestBodyTests
{
    [TestCase(null)]
    [TestCase("application/json")]
    [TestCase("Application/JSON; charset=utf-8")]
    [TestCase("application/vnd.shop+json")]
    public async Task ReadAsync_OfJson_GivesTheBytes(string? type) =>
        (await RequestBody.ReadAsync(Request("{ }", type), 100)).Should().Equal("{ }"u8.ToArray());

    [TestCase("text/plain")]
    [TestCase("application/x-www-form-urlencoded")]
    [TestCase("application/jsonx")]
    [TestCase("")]
    public async Task ReadAsync_OfAnotherType_Answers415(string type) => await ShouldAnswerAsync(Request("{}", type), 415);

    [TestCase(10, null)]
    [TestCase(11, 413)]
    public async Task ReadAsync_OfALength_HoldsTheLimit(int length, int? status)
    {
        foreach (var declared in (bool[])[true, false])
        {
            var context = Request(new string(' ', length));
            if (declared) context.Request.ContentLength = length;
            if (status is { } refused) await ShouldAnswerAsync(context, refused);
            else (await RequestBody.ReadAsync(context, 10)).Should().HaveCount(length);
        }
    }

    [Test]
    public async Task ReadAsync_OfALengthOnlyDeclared_ReadsNothing()
    {
        var context = Request("");
        context.Request.ContentLength = long.MaxValue;
        await ShouldAnswerAsync(context, 413);

        context.Response.Headers.Connection.ToString().Should().Be("close");
    }

    // Not beside others: it takes the room of the whole process.
    [TestCase(1000, 200)]
    [TestCase(2_000_000, 503)]
    [NonParallelizable]
    public async Task ReadAsync_WithoutALengthAndWithoutRoom_ReadsWhatIsSmall(int length, int status)
    {
        using var all = BodyBudget.Shared.TryTake(long.MaxValue);
        var context = Request(new string(' ', length));

        var body = await RequestBody.ReadAsync(context, 32 * 1024 * 1024);

        context.Response.StatusCode.Should().Be(status);
        if (status == 200) body.Should().HaveCount(length);
        else body.Should().BeNull();
    }

    [TestCase(1000, false)]
    [TestCase(5_000_000, true)]
    [NonParallelizable]
    public async Task ReadAsync_WithoutALength_TakesRoomForWhatIsLargeUntilTheEnd(int length, bool takes)
    {
        var context = Request(new string(' ', length));
        var response = new EndedResponse();
        context.Features.Set<IHttpResponseFeature>(response);

        (await RequestBody.ReadAsync(context, 32 * 1024 * 1024)).Should().HaveCount(length);

        HasAllRoom().Should().Be(!takes);
        await response.EndAsync();
        HasAllRoom().Should().BeTrue();
    }

    [Test]
    public async Task ReadAsync_OfNothingWhereABodyIsOptional_IsAnEmptyObject() =>
        (await RequestBody.ReadAsync(Request("", null), WireJson.Default.ReasonRequest, optional: true))!.Reason.Should().BeNull();

    [TestCase("{", "$")]
    [TestCase("", "$")]
    [TestCase("null", "$")]
    [TestCase("[]", "$")]
    [TestCase("""{"reason":5}""", "reason")]
    [TestCase("""{"reason":"\ud800"}""", "reason")]
    [TestCase("""{"colour":"red"}""", "colour")]
    [TestCase("""{"a'b":1}""", "a'b")]
    [TestCase("""{"":1}""", "")]
    [TestCase("""{"reason":"a","reason":"b"}""", "reason")]
    public async Task ReadAsync_OfAWrongBody_NamesTheField(string body, string field)
    {
        var context = Request(body);
        context.Request.ContentLength = Math.Max(1, body.Length);

        (await RequestBody.ReadAsync(context, WireJson.Default.ReasonRequest)).Should().BeNull();

        context.Response.StatusCode.Should().Be(400);
        Answer(context).GetProperty("errors").TryGetProperty(field, out _).Should().BeTrue("{0}", Answer(context));
    }

    [TestCase("[]", "A JSON object is required.")]
    [TestCase("5", "A JSON object is required.")]
    [TestCase("{", "The body is not well-formed JSON.")]
    [TestCase("", "The body is not well-formed JSON.")]
    [TestCase("""{"reason":x}""", "The JSON is not well-formed here.")]
    [TestCase("""{"reason":5}""", "The value has the wrong type.")]
    [TestCase("""{"reason":"a","reason":"b"}""", "This field is given twice.")]
    public async Task ReadAsync_OfAWrongBody_SaysWhatIsWrong(string body, string text)
    {
        var context = Request(body);
        context.Request.ContentLength = Math.Max(1, body.Length);

        (await RequestBody.ReadAsync(context, WireJson.Default.ReasonRequest)).Should().BeNull();

        Answer(context).GetProperty("errors").EnumerateObject().Single().Value.EnumerateArray().Single().GetString().Should().Be(text);
    }

    [TestCase("{}", "topic", "endpoint")]
    [TestCase("""{"topic":null,"endpoint":"http://x/"}""", "topic")]
    [TestCase("""{"topic":"t","endpoint":"http://x/","tags":"a"}""", "tags")]
    [TestCase("""{"topic":"t","endpoint":"http://x/","tags":["a",7]}""", "tags[1]")]
    [TestCase("""{"topic":"t","endpoint":"http://x/","retryScheduleSeconds":[1,"2"]}""", "retryScheduleSeconds[1]")]
    [TestCase("""{"topic":"t","endpoint":"http://x/","maxConcurrency":1.5}""", "maxConcurrency")]
    [TestCase("""{"topic":"t","endpoint":"http://x/","maxConcurrency":"1"}""", "maxConcurrency")]
    public async Task ReadAsync_OfAWrongSubscription_NamesEachField(string body, params string[] fields)
    {
        var context = Request(body);

        (await RequestBody.ReadAsync(context, WireJson.Default.SubscriptionRequest)).Should().BeNull();

        Answer(context).GetProperty("errors").EnumerateObject().Select(error => error.Name).Should().BeEquivalentTo(fields);
    }

    private static bool HasAllRoom()
    {
        using var all = BodyBudget.Shared.TryTake(long.MaxValue);
        return all is not null;
    }

    private static async Task ShouldAnswerAsync(HttpContext context, int status)
    {
        (await RequestBody.ReadAsync(context, 10)).Should().BeNull();

        context.Response.StatusCode.Should().Be(status);
        context.Response.ContentType.Should().Be("application/problem+json");
        Answer(context).GetProperty("status").GetInt32().Should().Be(status);
    }

    private static JsonElement Answer(HttpContext context) => JsonDocument.Parse(((MemoryStream)context.Response.Body).ToArray()).RootElement;

    private static DefaultHttpContext Request(string body, string? type = "application/json")
    {
        var context = new DefaultHttpContext();
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        context.Request.ContentType = type;
        context.Response.Body = new MemoryStream();
        return context;
    }

    private sealed class EndedResponse : HttpResponseFeature
    {
        private readonly List<Func<Task>> atItsEnd = [];

        public override void OnCompleted(Func<object, Task> callback, object state) => atItsEnd.Add(() => callback(state));

        public Task EndAsync() => Task.WhenAll(atItsEnd.Select(one => one()));
    }
}
