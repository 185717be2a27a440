using Microsoft.Extensions.Options;
using TxMsg.Client.Producing;
using TxMsg.Client.Producing.LocalMessages;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the local message table to a service's producer.</summary>
public static class TxMsgLocalMessageServices
{
    /// <summary>Adds the <see cref="LocalMessageTable"/> and the relay that sends what is written to it. Call <c>AddTxMsgProducer</c>, too: name, connection and
    /// coordinator are the producer's. Any number of instances of one service may share a database, and so may services of other names: a message is sent by a relay of the
    /// producer that wrote it.</summary>
    /// <param name="services">The service's parts.</param>
    /// <param name="configure">Sets the options; they are validated at start.</param>
    /// <exception cref="InvalidOperationException">At start: there is no <c>ICoordinatorClient</c>, as <c>AddTxMsgProducer</c> was not called.</exception>
    public static IServiceCollection AddTxMsgLocalMessages(this IServiceCollection services, Action<LocalMessageOptions>? configure = null)
    {
        services.AddLocalMessages();
        services.AddOptions<LocalMessageOptions>().Configure(configure ?? (_ => { })).PostConfigure<IOptions<ProducerOptions>>((options, producer) =>
        {
            if (string.IsNullOrEmpty(options.Producer)) options.Producer = producer.Value.Name;
            options.Connection ??= producer.Value.Connect;
        });
        return services;
    }
}
