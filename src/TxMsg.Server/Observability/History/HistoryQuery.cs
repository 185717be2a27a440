using System.Globalization;
using TxMsg.Server.Http;

namespace TxMsg.Server.Observability.History;

/// <summary>Which part of the history is asked for.</summary>
/// <param name="Minutes">How far back.</param>
/// <param name="StepMinutes">How long a step is.</param>
public readonly record struct HistoryQuery(int Minutes, int StepMinutes)
{
    /// <summary>So far back the history goes: a week.</summary>
    public const int MostMinutes = 10_080;

    /// <summary>Most points of an answer.</summary>
    public const int MostPoints = 1_440;

    private const int DefaultMinutes = 60;
    private static readonly string[] Known = ["minutes", "stepSeconds"];
    private static readonly int[] Steps = [1, 2, 5, 10];

    /// <summary>How many points it has; the last one is still under way.</summary>
    public int Points => (Minutes + StepMinutes - 1) / StepMinutes;

    /// <summary>Reads the query string; <paramref name="errors"/> says what is wrong with it.</summary>
    public static HistoryQuery Read(IQueryCollection values, FieldErrors errors)
    {
        var given = QueryText.ReadAll(values, Known, errors);
        return Read(given.GetValueOrDefault("minutes"), given.GetValueOrDefault("stepSeconds"), errors);
    }

    /// <summary>Reads the parameters of a request.</summary>
    /// <param name="minutes">How far back; an hour when it is absent.</param>
    /// <param name="stepSeconds">How long a step is; when it is absent, the shortest of 1, 2, 5 and 10 minutes that makes no more than <see cref="MostPoints"/>.</param>
    /// <param name="errors">What is wrong.</param>
    public static HistoryQuery Read(string? minutes, string? stepSeconds, FieldErrors errors)
    {
        var back = DefaultMinutes;
        if (!string.IsNullOrEmpty(minutes) && !TryRead(minutes, MostMinutes, out back)) errors.Add("minutes", $"A whole number from 1 to {MostMinutes}.");
        if (!errors.IsEmpty) return default;
        var query = new HistoryQuery(back, Steps.First(step => back <= step * MostPoints));
        if (string.IsNullOrEmpty(stepSeconds)) return query;
        if (!TryRead(stepSeconds, MostMinutes * 60, out var seconds) || seconds % 60 != 0) errors.Add("stepSeconds", $"A multiple of 60 up to {MostMinutes * 60}.");
        else if ((query = new HistoryQuery(back, seconds / 60)).Points > MostPoints) errors.Add("stepSeconds", $"It would make more than {MostPoints} points.");
        return query;
    }

    private static bool TryRead(string text, int most, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= 1 && number <= most;
}
