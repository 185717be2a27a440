using FluentAssertions;
using Microsoft.Data.SqlClient;
using NUnit.Framework;
using TxMsg.Server.Storage.SqlServer;

namespace TxMsg.Server.Tests.Storage.SqlServer;

/// <summary>What the provider says of a pool that stays in use, and what is made of it.</summary>
public sealed class NoFreeConnectionTests
{
    private const string ConnectionString = "Server=db.example;Database=messages;User ID=app;Password=secret";

    [Test]
    public void IsMeantBy_AnInvalidOperationInOpeningANewConnection_WhateverItsLanguage()
    {
        using var connection = new SqlConnection(ConnectionString);

        NoFreeConnectionException.IsMeantBy(new InvalidOperationException("Timeout abgelaufen."), connection).Should().BeTrue();
    }

    [Test]
    public void IsMeantBy_AMistakeInUsingAConnection_IsFalse()
    {
        using var connection = new SqlConnection(ConnectionString);
        using var nowhere = new SqlConnection();

        NoFreeConnectionException.IsMeantBy(new ObjectDisposedException("connection"), connection).Should().BeFalse();
        NoFreeConnectionException.IsMeantBy(new InvalidOperationException("There is no connection string."), nowhere).Should().BeFalse();
    }

    [Test]
    public async Task NoFreeConnection_IsTheStoresFault_AndNotTriedAgain()
    {
        await using var database = new SqlServerDatabase(ConnectionString);
        var exception = new NoFreeConnectionException(new InvalidOperationException());

        database.IsUnavailable(exception).Should().BeTrue("whoever asked is told to try again later");
        database.IsTransient(exception).Should().BeFalse("it has been waited for");
        database.IsFaultOfTheRow(exception).Should().BeFalse("no operation of a batch is to blame");
        database.IsBlocked(exception).Should().BeFalse("no other batch would do better");
        database.IsDuplicateKey(exception).Should().BeFalse();
        database.NeedsNewConnection(exception).Should().BeFalse("those of the pool are whole");
    }
}
