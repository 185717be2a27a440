using System.Text;
using System.Text.Json;
using FluentAssertions;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;
using TxMsg.Server.Http;

namespace TxMsg.Server.Tests.Http;

public sealed class ResponsesTests
{
    [Test]
    public async Task JsonAsync_OfAValue_TellsItsLength()
    {
        var context = Context();
        await context.JsonAsync(202, new BatchResults([new BatchResult { Status = 200 }]), WireJson.Default.BatchResults);

        context.Response.Should().BeEquivalentTo(new { StatusCode = 202, ContentType = "application/json", ContentLength = Body(context).Length });
        Body(context).Should().Be("""{"results":[{"id":null,"status":200}]}""");
    }

    [Test]
    public async Task JsonAsync_AgainAndAgainOnOneThread_KeepsNothingOfTheLast()
    {
        await Context().ProblemAsync(Problems.New("x", new string('x', 100_000), 500, null));
        var context = Context();
        await context.ProblemAsync(Problems.NotFound("message", "<é\">"));

        Body(context).Should().Be("""{"type":"urn:txmsg:problem:not-found","title":"Not found","status":404,"detail":"There is no message <é\">."}""");
    }

    [Test]
    public async Task JsonAsync_AfterOneThatCouldNotBeWritten_IsWhole()
    {
        await FluentActions.Awaiting(() => Context().JsonAsync(200, new BatchResults(Broken()), WireJson.Default.BatchResults)).Should().ThrowAsync<InvalidOperationException>();
        var context = Context();
        await context.JsonAsync(200, new BatchResults([]), WireJson.Default.BatchResults);

        Body(context).Should().Be("""{"results":[]}""");
    }

    [Test]
    public async Task ProblemAsync_OfABusyServer_SaysWhenToComeAgain()
    {
        var context = Context();
        await context.ProblemAsync(Problems.Busy());

        context.Response.StatusCode.Should().Be(503);
        context.Response.Headers.RetryAfter.ToString().Should().Be("1");
    }

    [Test]
    public async Task ProblemAsync_OfAMissingKey_SaysWhichSchemeIsWanted()
    {
        var context = Context();
        await context.ProblemAsync(Problems.Unauthenticated("no key"));

        context.Response.Headers.WWWAuthenticate.ToString().Should().Be("Bearer");
    }

    [Test]
    public void VerdictConflict_OfAMessage_CarriesTheRecordedVerdict() =>
        JsonSerializer.Serialize(Problems.VerdictConflict(Guid.Empty, "commit"), WireJson.Default.Problem).Should().Contain("\"verdict\":\"commit\"").And.Contain("\"status\":409");

    [Test]
    public void InvalidInput_OfSeveralErrors_NamesEachFieldOnce()
    {
        var errors = new FieldErrors();
        errors.Add("a", "one");
        errors.Add("b", "two");
        errors.Add("a", "three");

        var problem = Problems.InvalidInput(errors);

        problem.Errors.Should().BeEquivalentTo(new Dictionary<string, string[]> { ["a"] = ["one", "three"], ["b"] = ["two"] });
        problem.Detail.Should().Be("a: one, three; b: two");
    }

    [Test]
    [CancelAfter(20_000)]
    public void Add_OfErrorsWithoutEnd_StaysSmallAndFast(CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        for (var i = 0; i < 200_000 && !cancellationToken.IsCancellationRequested; i++)
        {
            errors.Add("same", $"error {i}");
            errors.Add($"field {i}", "error");
        }

        errors.ByField.Sum(field => field.Value.Length).Should().BeLessThan(1_000);
        cancellationToken.IsCancellationRequested.Should().BeFalse();
    }

    private static IReadOnlyList<BatchResult> Broken() => new BrokenList();

    private static DefaultHttpContext Context() => new() { Response = { Body = new MemoryStream() } };

    private static string Body(HttpContext context) => Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());

    private sealed class BrokenList : IReadOnlyList<BatchResult>
    {
        public int Count => 2;

        public BatchResult this[int index] => throw new InvalidOperationException();

        public IEnumerator<BatchResult> GetEnumerator()
        {
            yield return new BatchResult { Status = 200 };
            throw new InvalidOperationException("the test's");
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
