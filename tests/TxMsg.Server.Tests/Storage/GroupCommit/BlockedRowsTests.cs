using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Tests.Storage.GroupCommit;

public sealed class BlockedRowsTests
{
    private readonly Exception fault = new InvalidOperationException("the test's");

    [Test]
    public void TakeFrom_TakesWhatNeedsThem_ThatOfTheOldestTryFirst()
    {
        var rows = new BlockedRows { Pause = TimeSpan.Zero };
        foreach (var name in new[] { "a", "b", "a" }) rows.Add(new Note(name), fault);
        List<WriteOperation> batch = [new Note("a"), new Note("free"), new Note("b")];

        var taken = rows.TakeFrom(batch);

        taken.Cast<Note>().Select(note => note.Name).Should().Equal("b", "a");
        batch.Cast<Note>().Select(note => note.Name).Should().Equal("free");
    }

    [Test]
    public void TakeFrom_OnceItWasWritten_LeavesIt()
    {
        var rows = new BlockedRows { Pause = TimeSpan.Zero };
        rows.Add(new Note("a"), fault);
        rows.Remove(new Note("a"));

        rows.TakeFrom([new Note("a")]).Should().BeEmpty();
    }

    [Test]
    public void MayTry_UntilThePauseIsOver_IsFalse()
    {
        var (patient, hasty) = (new BlockedRows { Pause = TimeSpan.FromHours(1) }, new BlockedRows { Pause = TimeSpan.Zero });
        foreach (var rows in new[] { patient, hasty }) rows.Add(new Note("a"), fault);

        patient.MayTry.Should().BeFalse();
        hasty.MayTry.Should().BeTrue();
        patient.LastFault.Should().BeSameAs(fault);
    }

    [Test]
    public void Add_OfMoreThanItKeeps_KeepsItsBound()
    {
        var rows = new BlockedRows { Pause = TimeSpan.Zero };
        for (var i = 0; i < 20_000; i++) rows.Add(new Note($"n{i}"), fault);

        rows.TakeFrom([.. Enumerable.Range(0, 20_000).Select(i => new Note($"n{i}"))]).Should().HaveCount(10_000);
    }
}
