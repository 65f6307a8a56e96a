namespace PhoneAuth.Testing;

/// <summary>The databases that users may live in.</summary>
internal enum DatabaseKind
{
    Sqlite,
    PostgreSql,
}

/// <summary>Runs a fixture, which takes a <see cref="DatabaseKind"/>, once on each database.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OnBothDatabasesAttribute() : TestFixtureSourceAttribute(typeof(OnBothDatabasesAttribute), nameof(All))
{
    public static readonly DatabaseKind[] All = [DatabaseKind.Sqlite, DatabaseKind.PostgreSql];
}
