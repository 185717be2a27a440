using System.Collections.Immutable;

namespace TxMsg.AcceptanceTests.Harness;

/// <summary>What a receiver answers.</summary>
public sealed record Answer(int Status)
{
    public static Answer Ok { get; } = new(200);

    /// <summary>Takes the request and never answers it.</summary>
    public static Answer Hang { get; } = new(0) { Hangs = true };

    public ImmutableDictionary<string, string> Headers { get; init; } = [];

    public string Body { get; init; } = "";

    public TimeSpan Delay { get; init; }

    /// <summary>The answer is given only after this.</summary>
    public Task Gate { get; init; } = Task.CompletedTask;

    public bool Hangs { get; private init; }

    public static Answer Verdict(string verdict) => new(200) { Body = $$"""{"verdict":"{{verdict}}"}""" };

    public Answer With(string header, string value) => this with { Headers = Headers.SetItem(header, value) };
}
