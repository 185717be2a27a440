namespace TxMsg.Samples.Shop.Processes;

/// <summary>The coordinator as it is, but for a database of its own and short waits: a show is not to take half a minute a check-back.</summary>
internal static class CoordinatorSettings
{
    public static IReadOnlyDictionary<string, string> For(Uri address, string database) => new Dictionary<string, string>
    {
        ["Urls"] = address.GetLeftPart(UriPartial.Authority),
        ["TxMsg__Store__ConnectionString"] = $"Data Source={database}",
        ["TxMsg__CheckBacks__SweepInterval"] = "00:00:01",
        ["TxMsg__CheckBacks__MinBackoff"] = "00:00:01",
        ["TxMsg__CheckBacks__MaxBackoff"] = "00:00:02",
        ["TxMsg__CheckBacks__Timeout"] = "00:00:03",
        ["TxMsg__CheckBacks__MaxUnknownAnswers"] = "1000",
        // What a killed coordinator was sending is sent again when its lease has run out.
        ["TxMsg__Deliveries__Lease"] = "00:00:05",
        ["TxMsg__Deliveries__Timeout"] = "00:00:03",
    };
}
