using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Tests.Deliveries;

public sealed class AttemptJudgeTests
{
    private static readonly double[] Schedule = [10, 20];

    [Test]
    public void Judge_OfEveryStatus_FollowsTheDesign()
    {
        for (var status = 100; status <= 599; status++)
        {
            var judgement = Judge(Answered(status), attempts: 1);
            var expected = status switch
            {
                >= 200 and <= 299 => DeliveryEvent.Acknowledge,
                410 or 422 => DeliveryEvent.DeadLetter,
                _ => DeliveryEvent.Retry,
            };
            judgement.Event.Should().Be(expected, "of {0}", status);
            judgement.PausesSubscription.Should().Be(status == 410);
            judgement.EndpointFailed.Should().Be(status is 410 or 429 or >= 500, "of {0}", status);
        }
    }

    [Test]
    public void Judge_OfEveryFailureWithoutAnAnswer_RetriesAndBlamesTheEndpoint()
    {
        foreach (var outcome in Enum.GetValues<WebhookOutcome>().Where(outcome => outcome != WebhookOutcome.Answered))
        {
            Judge(new WebhookResult { Outcome = outcome }, attempts: 1).Should().Be(new Judgement(DeliveryEvent.Retry, TimeSpan.FromSeconds(10), false, true));
            // Its status came, its answer did not: no status of a broken answer acknowledges, or kills.
            foreach (var status in (int[])[200, 410, 422])
                Judge(new WebhookResult { Outcome = outcome, Status = status }, attempts: 1).Event.Should().Be(DeliveryEvent.Retry);
        }
    }

    [TestCase(1, DeliveryEvent.Retry, 10)]
    [TestCase(2, DeliveryEvent.Retry, 20)]
    [TestCase(3, DeliveryEvent.DeadLetter, 0)]
    [TestCase(4, DeliveryEvent.DeadLetter, 0)]
    public void Judge_OfAFailure_DeadLettersAfterTheSchedule(int attempts, DeliveryEvent @event, int seconds)
    {
        var judgement = Judge(Answered(500), attempts);

        judgement.Event.Should().Be(@event);
        judgement.RetryIn.Should().Be(TimeSpan.FromSeconds(seconds));
    }

    [TestCase(429, 77)]
    [TestCase(503, 77)]
    [TestCase(500, 10)]
    [TestCase(404, 10)]
    [TestCase(302, 10)]
    public void Judge_OfRetryAfter_ObeysItFor429And503Only(int status, int seconds) =>
        Judge(Answered(status, TimeSpan.FromSeconds(77)), 1).RetryIn.Should().Be(TimeSpan.FromSeconds(seconds));

    private static Judgement Judge(WebhookResult result, int attempts) => AttemptJudge.Judge(result, attempts, Schedule, 0.5);

    private static WebhookResult Answered(int status, TimeSpan? retryAfter = null) =>
        new() { Outcome = WebhookOutcome.Answered, Status = status, RetryAfter = retryAfter };
}
