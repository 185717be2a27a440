namespace TxMsg.AcceptanceTests.Harness;

/// <summary>Errors are RFC 9457 problems; invalid input names its fields.</summary>
public static class ProblemAssertions
{
    public static Reply ShouldBeAProblem(this Reply reply)
    {
        reply.ContentType.Should().StartWith("application/problem+json", "an error is a problem: {0}", reply);
        reply.Text("type").Should().NotBeNullOrEmpty();
        reply.Text("title").Should().NotBeNullOrEmpty();
        reply.Text("detail").Should().NotBeNullOrEmpty();
        reply.Json.Number("status").Should().Be(reply.Status);
        return reply;
    }

    /// <summary>400 with an <c>errors</c> object that has an entry for the field.</summary>
    public static void ShouldBeInvalid(this Reply reply, string field)
    {
        reply.Expect(400).ShouldBeAProblem();
        reply.Json.Object("errors").Select(error => error.Key).Should().Contain(field, "that is the wrong field: {0}", reply);
    }
}
