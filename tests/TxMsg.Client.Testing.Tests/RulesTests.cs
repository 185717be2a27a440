using TxMsg.Client.Coordinator;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Transactions;
using TxMsg.Server.Webhooks;

namespace TxMsg.Client.Testing.Tests;

/// <summary>The pure rules, held against the server's own with its jitter in the middle.</summary>
public sealed class RulesTests
{
    private const double NoJitter = 0.5;

    [Test]
    public void Attempts_AreJudgedAsByTheServer()
    {
        double[] schedule = [1, 60];
        int?[] waits = [null, -1, 0, 7, 3600, 3601];
        var statuses = Enumerable.Range(100, 500).Select(status => (int?)status).Append(null);
        var judged = 0;
        foreach (var status in statuses)
        foreach (var wait in waits)
        foreach (var attempts in new[] { 1, 2, 3 })
        {
            var real = AttemptJudge.Judge(ResultOf(status, wait), attempts, schedule, NoJitter);

            var (state, retryIn, pauses) = AttemptRules.Judge(new AttemptAnswer(status, wait), attempts, schedule);

            state.Should().Be(DeliveryStateMachine.Next(DeliveryState.Leased, real.Event)!.Value.ToWire(), $"{status} {wait} {attempts}");
            retryIn.Should().Be(real.Event == DeliveryEvent.Retry ? real.RetryIn : null);
            pauses.Should().Be(real.PausesSubscription);
            judged++;
        }

        judged.Should().Be(501 * 6 * 3);
    }

    [Test]
    public void CheckBacks_PauseAsTheServers()
    {
        for (var checkBacks = 1; checkBacks <= 100; checkBacks++)
            CheckBackRules.PauseAfter(checkBacks).Should().Be(CheckBackSchedule.PauseAfter(checkBacks, new CheckBackOptions(), NoJitter));
    }

    [Test]
    public void Texts_AreJudgedAsByTheServer()
    {
        foreach (var text in Texts())
        {
            var (errors, real) = (new FieldErrors(), new Server.Http.FieldErrors());
            MessageRules.CheckText("key", text, errors);
            MessageRules.CheckContentType(text, errors);
            MessageRules.CheckContentType("a/" + text, errors);
            PrepareRules.CheckText("key", text, real);
            PrepareRules.CheckContentType(text, real);
            PrepareRules.CheckContentType("a/" + text, real);

            errors.ToString().Should().Be(real.ToString());
            HeaderText.IsName(text).Should().Be(HeaderRules.IsValidName(text));
            HeaderText.IsValue(text).Should().Be(HeaderRules.IsValidValue(text));
        }
    }

    // Each character alone, at the ends and between others; and lengths at the limits.
    private static IEnumerable<string> Texts() => Enumerable.Range(0, char.MaxValue + 1).Select(c => (char)c)
        .SelectMany(c => new[] { $"{c}", $"a{c}b", $"{c}b", $"a{c}" })
        .Concat(new[] { 0, 64, 65, 254, 255, 256, 257, 2048, 2049 }.Select(length => new string('x', length)));

    // The server reads the header: what is negative counts as now.
    private static WebhookResult ResultOf(int? status, int? retryAfter) => new()
    {
        Outcome = status is null ? WebhookOutcome.TimedOut : WebhookOutcome.Answered,
        Status = status,
        RetryAfter = retryAfter is { } seconds ? TimeSpan.FromSeconds(Math.Max(0, seconds)) : null,
    };
}
