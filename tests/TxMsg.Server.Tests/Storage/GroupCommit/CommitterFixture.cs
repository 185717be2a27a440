using NUnit.Framework;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Storage.GroupCommit;

/// <summary>A store of its own for each test, and a step that writes notes.</summary>
public abstract class CommitterFixture
{
    internal TestStore Store { get; private set; } = null!;

    internal NoteStep Step { get; private set; } = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        Store = await TestStore.OpenAsync();
        Step = new NoteStep();
    }

    [TearDown]
    public async Task CloseAsync() => await Store.DisposeAsync();

    internal Task<IReadOnlyList<string>> NamesAsync() => Store.QueryAsync("SELECT name FROM data_protection_keys ORDER BY name");
}
