using Microsoft.SqlServer.TransactSql.ScriptDom;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Conventions.Tests.Sql;

/// <summary>A set of rows in C# and its table type on SQL Server have the same columns in the same order: the protocol sends no names.</summary>
public sealed class TableTypeTests
{
    private static readonly IReadOnlyDictionary<string, CreateTypeTableStatement> Types = TSql.Catalogue.Schema
        .SelectMany(script => script.Batches)
        .SelectMany(batch => TSql.Find<CreateTypeTableStatement>(TSql.Parse(batch)))
        .ToDictionary(type => $"{type.Name.SchemaIdentifier.Value}.{type.Name.BaseIdentifier.Value}", StringComparer.Ordinal);

    // A node of the version before goes on beside the new ones while nodes are replaced one by one, with the types that it knows.
    private static readonly string[] OfTheVersionBefore = ["dbo.message_content_rows", "dbo.dead_letter_search_rows"];

    [TestCaseSource(typeof(BatchStatements), nameof(BatchStatements.All))]
    public void Columns_AreThoseOfTheTableType(object declared)
    {
        var statement = (BatchStatements.Declared)declared;
        Types.Should().ContainKey(statement.TableType);
        var columns = Types[statement.TableType].Definition.ColumnDefinitions;
        columns[0].ColumnIdentifier.Value.Should().Be("ordinal");
        columns.Skip(1).Select(column => $"{column.ColumnIdentifier.Value} {TypeOf(column)}").Should().Equal(statement.Columns.Select(column => $"{column.Name} {TypeOf(column)}"));
    }

    [Test]
    public void TableTypes_AreAllUsed() =>
        Types.Keys.Except(OfTheVersionBefore).Should().BeEquivalentTo(BatchStatements.All.Select(statement => statement.TableType).Distinct());

    private static string TypeOf(ColumnDefinition column)
    {
        var type = (ParameterizedDataTypeReference)column.DataType;
        var name = type.Name.BaseIdentifier.Value;
        return type.Parameters.Count == 0 ? name : $"{name}({type.Parameters[0].Value})".ToLowerInvariant();
    }

    private static string TypeOf(BatchColumn column) => column.Type switch
    {
        BatchColumnType.Int64 => "bigint",
        BatchColumnType.Int32 => "int",
        BatchColumnType.Text => $"nvarchar({(column.Length < 0 ? "max" : column.Length)})",
        _ => column.Length < 0 ? "varbinary(max)" : $"binary({column.Length})",
    };
}
