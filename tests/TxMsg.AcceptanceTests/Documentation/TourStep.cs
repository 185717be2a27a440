namespace TxMsg.AcceptanceTests.Documentation;

/// <summary>A block of the tour.</summary>
/// <param name="Commands">What is typed.</param>
/// <param name="Shown">What the README says comes out, <c>...</c> standing for what was left out.</param>
public sealed record TourStep(string Commands, string Shown);
