using System.Text;

namespace TxMsg.FaultTests.Workload;

/// <summary>The payload of a message, made from its id, so that a consumer can tell whether it is the right one.</summary>
internal static class Payload
{
    private const int Longest = 1024;

    public static byte[] Of(Guid id) => Encoding.UTF8.GetBytes($$"""{"id":"{{id}}","filler":"{{new string('x', (id.ToByteArray()[15] * 4) % Longest)}}"}""");
}
