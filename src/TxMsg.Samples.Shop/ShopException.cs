namespace TxMsg.Samples.Shop;

/// <summary>Something did not go as it should; the message says what, for a person.</summary>
internal sealed class ShopException(string message) : Exception(message);
