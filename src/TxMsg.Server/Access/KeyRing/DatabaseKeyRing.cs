using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Access.KeyRing;

/// <summary>The key ring in the store, where all nodes share it.</summary>
internal sealed class DatabaseKeyRing(StoreDatabase database) : IXmlRepository
{
    // The interface of Data Protection is synchronous; it asks once a day.
    public IReadOnlyCollection<XElement> GetAllElements() =>
        database.ReadAsync(connection => connection.QueryAsync<string>("ListDataProtectionKeys")).GetAwaiter().GetResult()
            .Select(xml => XElement.Parse(xml)).ToArray();

    public void StoreElement(XElement element, string friendlyName) =>
        database.WriteAsync(connection => connection.ExecuteAsync(
            "AddDataProtectionKey",
            new { name = friendlyName ?? Guid.NewGuid().ToString(), xml = element.ToString(SaveOptions.DisableFormatting) })).GetAwaiter().GetResult();
}
