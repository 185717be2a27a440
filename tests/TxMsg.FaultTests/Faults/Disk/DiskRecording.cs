namespace TxMsg.FaultTests.Faults.Disk;

/// <summary>All calls by which a store reached the disk, and what the disk may hold after a loss of power at any moment of them.</summary>
internal sealed class DiskRecording
{
    private const int Sector = 512;
    private readonly DiskCall[] calls;

    private DiskRecording(DiskCall[] calls) => this.calls = calls;

    public decimal Began => calls[0].Began;

    public decimal Ended => calls[^1].Ended;

    public int Count => calls.Length;

    /// <summary>Reads the recording of a coordinator that has ended, once strace has written all of it.</summary>
    public static async Task<DiskRecording> ReadAsync(string folder, CancellationToken cancellation)
    {
        var files = Directory.GetFiles(folder, Strace.RecordingPrefix + "*");
        var calls = new List<DiskCall>();
        foreach (var file in files)
        {
            for (string[] lines; ;)
            {
                lines = await File.ReadAllLinesAsync(file, cancellation);
                if (lines is [.., var last] && last.Contains("+++", StringComparison.Ordinal))
                {
                    calls.AddRange(lines.Select(line => DiskCall.Parse(line)).OfType<DiskCall>());
                    break;
                }

                await Task.Delay(50, cancellation);
            }
        }

        if (calls.Count == 0) throw new FaultTestException("strace recorded nothing.");
        return new DiskRecording([.. calls.OrderBy(call => call.Began)]);
    }

    /// <summary>Moments worth losing power at: right behind a flush, where what was just acknowledged has only that; during a flush, where
    /// most is at stake; and anywhere.</summary>
    public decimal Moment(Random random, decimal notBefore)
    {
        var later = calls.Where(call => call.Began >= notBefore).ToArray();
        var flushes = later.Where(call => call.Data is null).ToArray();
        var flush = flushes[random.Next(flushes.Length)];
        var some = later[random.Next(later.Length)];
        return random.Next(3) switch
        {
            0 => flush.Ended + 0.000001m,
            1 => flush.Began + ((flush.Ended - flush.Began) / 2),
            _ => some.Began + ((some.Ended - some.Began) / 2),
        };
    }

    /// <summary>Writes the files as a loss of power may have left them: what was flushed is whole; of the rest each sector is there or not.</summary>
    /// <returns>How many writes were lost, wholly or in part.</returns>
    public int Rebuild(string folder, decimal moment, Random random)
    {
        var lost = 0;
        foreach (var file in calls.Select(call => call.File).Distinct())
        {
            var own = calls.Where(call => call.File == file && call.Began < moment).ToArray();
            if (own.Length == 0) continue;
            // Only what had ended when a flush began is sure to be in it, and only a flush that has ended counts.
            var flushed = own.Where(call => call.Data is null && call.Ended <= moment).Select(call => call.Began).DefaultIfEmpty(0).Max();
            using var stream = new FileStream(Path.Combine(folder, file), FileMode.Create);
            // Some losses take all, some nothing, most something: an even choice would hardly ever show the first two.
            var keeps = random.Next(4) switch { 0 => 0, 1 => 1, _ => random.NextDouble() };
            foreach (var call in own.Where(call => call.Data is not null))
            {
                if (call.Ended <= flushed) Apply(stream, call, static () => true);
                else if (!Apply(stream, call, () => random.NextDouble() < keeps)) lost++;
            }
        }

        return lost;
    }

    // False if something of it was left out.
    private static bool Apply(FileStream stream, DiskCall call, Func<bool> keeps)
    {
        if (call.IsTruncation)
        {
            var kept = keeps();
            if (kept) stream.SetLength(call.Place);
            return kept;
        }

        var whole = true;
        for (var from = 0; from < call.Data!.Length;)
        {
            var until = (int)Math.Min(call.Data.Length, ((call.Place + from) / Sector * Sector) + Sector - call.Place);
            if (keeps())
            {
                stream.Position = call.Place + from;
                stream.Write(call.Data, from, until - from);
            }
            else
            {
                whole = false;
            }

            from = until;
        }

        return whole;
    }
}
