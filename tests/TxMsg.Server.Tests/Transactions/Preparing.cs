using System.Text;
using System.Text.Json;
using TxMsg.Contracts.Signatures;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Http;
using TxMsg.Server.Registry;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Tests.Transactions;

/// <summary>Reads prepares as the endpoint does, without the endpoint.</summary>
internal static class Preparing
{
    public static readonly Producer Shop = new()
    {
        Id = 7, Name = "shop", CheckBackUrl = new Uri("http://127.0.0.1/"), CheckBackAfter = TimeSpan.FromSeconds(45),
        Secrets = new SigningSecrets(WebhookSecret.Generate()), CreatedAt = default, UpdatedAt = default,
    };

    public static readonly Producer Plain = Shop with { Id = 8, Name = "plain", CheckBackAfter = null };

    public static RegistrySnapshot Registry { get; } = new(1, [Shop, Plain], []);

    /// <summary>A prepare with these further fields, each behind a comma.</summary>
    public static string With(string fields, string payload = "1") => $$"""{"producer":"shop","topic":"orders","payload":{{payload}}{{fields}}}""";

    public static (NewMessage? Message, FieldErrors Errors) Read(string json) => Read(Encoding.UTF8.GetBytes(json));

    public static (NewMessage? Message, FieldErrors Errors) Read(ReadOnlyMemory<byte> body)
    {
        var reader = new PrepareReader(body, new Utf8JsonReader(body.Span));
        reader.Read();
        var message = reader.ToMessage(Registry, new CheckBackOptions(), null);
        var rest = reader.Position;
        rest.Read();
        return (message, reader.Errors);
    }

    public static NewMessage Message(string json)
    {
        var (message, errors) = Read(json);
        return message ?? throw new InvalidOperationException(errors.ToString());
    }

    public static string Payload(this NewMessage message) => Encoding.UTF8.GetString(message.Content.Payload.Span);
}
