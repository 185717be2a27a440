using System.Text.Json;
using Microsoft.Extensions.Options;
using TxMsg.Server.Access;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Http;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Transactions;

/// <summary>From the JSON of a message, alone or one of many, to the message or what is wrong with it.</summary>
public sealed class PrepareService(RegistryCache registry, IOptions<CheckBackOptions> checkBacks, IOptions<LimitsOptions> limits)
{
    /// <summary>Longest body of a single prepare, in bytes: a payload at its limit in base64, and everything else.</summary>
    public int BodyLimit { get; } = (int)Math.Min(int.MaxValue / 2, limits.Value.MaxPayloadBytes * 4L / 3 + 192 * 1024);

    /// <summary>A payload is passed on as it is, however deep: only the length of the body limits it.</summary>
    public static JsonReaderOptions AnyDepth { get; } = new() { MaxDepth = int.MaxValue };

    /// <summary>Whether a producer that was not known when <paramref name="reading"/> was made is known now: another node has just registered it.</summary>
    public async ValueTask<bool> IsKnownNowAsync(PrepareReading reading, CancellationToken cancellationToken) =>
        reading.UnknownProducer is { } name && await registry.FindProducerAsync(name, cancellationToken) is not null;

    /// <summary>Reads an object of <paramref name="body"/> and moves <paramref name="json"/> past it.</summary>
    /// <exception cref="JsonException">The body is not well-formed JSON.</exception>
    public PrepareReading Read(ReadOnlyMemory<byte> body, ref Utf8JsonReader json, Caller caller, string? traceParent)
    {
        var reader = new PrepareReader(body, json);
        reader.Read();
        json = reader.Position;
        if (reader.PayloadBytes > limits.Value.MaxPayloadBytes) return new PrepareReading(reader.MessageId, null, Problems.TooLarge("payload", limits.Value.MaxPayloadBytes));
        var message = reader.ToMessage(registry.Current, checkBacks.Value, traceParent);
        if (message is null) return new PrepareReading(reader.MessageId, null, Problems.InvalidInput(reader.Errors), reader.UnknownProducer);
        if (caller.ProducerId is { } only && only != message.ProducerId)
            return new PrepareReading(message.Id, null, Problems.Forbidden($"This key may not send messages of producer {message.Producer}."));
        return new PrepareReading(message.Id, message, null);
    }
}

/// <summary>What a prepare reads as.</summary>
/// <param name="Id">The id that was given, or that the message got.</param>
/// <param name="Message">The message; null when something is wrong.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="UnknownProducer">The producer that this node does not know, if that is what is wrong.</param>
public readonly record struct PrepareReading(Guid? Id, NewMessage? Message, Problem? Problem, string? UnknownProducer = null);
