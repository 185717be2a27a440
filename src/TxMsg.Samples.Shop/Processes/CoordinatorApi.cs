using System.Net;
using TxMsg.Contracts;
using TxMsg.Contracts.Messages;
using TxMsg.Contracts.Operations;
using TxMsg.Samples.Shop.Orders;

namespace TxMsg.Samples.Shop.Processes;

/// <summary>What an operator asks the coordinator; the SDK has what services need.</summary>
internal sealed class CoordinatorApi(HttpClient http, Uri address)
{
    public async Task<bool> HasProducerAsync(string producer, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(new Uri(address, $"/v1/producers/{producer}"), cancellationToken);
        return answer.StatusCode == HttpStatusCode.OK;
    }

    public async Task<StatsResource> StatsAsync(CancellationToken cancellationToken) =>
        (await http.GetFromJsonAsync<StatsResource>(new Uri(address, "/v1/stats"), cancellationToken))!;

    /// <summary>The transactional message of an order, with its deliveries; null where the coordinator has none.</summary>
    public async Task<MessageResource?> FindAsync(Guid order, CancellationToken cancellationToken)
    {
        var found = await http.GetFromJsonAsync<MessageList>(new Uri(address, $"/v1/messages?topic={OrderService.OrdersTopic}&key={order}"), cancellationToken);
        return found!.Items is [{ Id: var id }, ..] ? await http.GetFromJsonAsync<MessageResource>(new Uri(address, $"/v1/messages/{id}"), cancellationToken) : null;
    }

    /// <summary>How often the order service was asked for a verdict, over all messages.</summary>
    public async Task<long> CheckBacksAsync(CancellationToken cancellationToken)
    {
        var total = 0L;
        string? cursor = null;
        do
        {
            var query = $"/v1/messages?topic={OrderService.OrdersTopic}&limit=200" + (cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}");
            var page = await http.GetFromJsonAsync<MessageList>(new Uri(address, query), cancellationToken);
            total += page!.Items.Sum(message => message.CheckBacks);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return total;
    }

    public async Task<long> RedeliverAsync(string subscription, string reason, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsJsonAsync(
            new Uri(address, "/v1/dead-letters/redeliver"), new DeadLetterRequest { Subscription = subscription, Reason = reason }, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<CountResource>(cancellationToken))!.Count;
    }

    /// <summary>Whether no half message waits for a verdict, and no delivery for an attempt.</summary>
    public async Task<bool> IsIdleAsync(CancellationToken cancellationToken)
    {
        var stats = await StatsAsync(cancellationToken);
        return stats.Messages[MessageStates.Prepared] + stats.Deliveries[DeliveryStates.Pending] + stats.Deliveries[DeliveryStates.Leased] == 0;
    }
}
