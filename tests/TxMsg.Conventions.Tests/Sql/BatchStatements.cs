using System.Reflection;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Conventions.Tests.Sql;

/// <summary>Every statement that takes a set of rows, as C# declares it.</summary>
internal static class BatchStatements
{
    public static IReadOnlyList<Declared> All { get; } = typeof(SqlCatalogue).Assembly.GetTypes()
        .Where(type => !type.ContainsGenericParameters)
        .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
        .Where(field => field.FieldType.IsGenericType && field.FieldType.GetGenericTypeDefinition() == typeof(BatchStatement<>))
        .Select(field => Read(field.GetValue(null)!))
        .OrderBy(statement => statement.Name, StringComparer.Ordinal)
        .ToArray();

    private static Declared Read(object statement)
    {
        object Get(string property) => statement.GetType().GetProperty(property)!.GetValue(statement)!;
        return new Declared((string)Get("Name"), (string)Get("TableType"), (BatchColumn[])Get("Columns"));
    }

    /// <summary>A statement and the set that it takes.</summary>
    internal sealed record Declared(string Name, string TableType, BatchColumn[] Columns)
    {
        public override string ToString() => Name;
    }
}
