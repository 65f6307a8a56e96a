using System.Globalization;
using System.Text.Json;
using PhoneAuth.Testing;

namespace PhoneAuth.Resilience.Tests.Harness;

/// <summary>
/// How long the tests go on: a short form beside the other suites, and a long one, which <c>scripts/resilience.sh</c> asks for and whose figures it collects.
/// </summary>
internal static class Form
{
    private static readonly Lock Writing = new();
    private static readonly string? FiguresFile = Environment.GetEnvironmentVariable("PHONEAUTH_RESILIENCE_FIGURES");

    public static bool IsLong => FiguresFile is not null;

    /// <summary>Where what holds for one database holds for the other, in short form one has to do.</summary>
    public static DatabaseKind[] Databases(DatabaseKind inShort) => IsLong ? OnBothDatabasesAttribute.All : [inShort];

    public static T Of<T>(T @short, T @long) => IsLong ? @long : @short;

    /// <summary>Tells a figure of a test, beside what it has to be.</summary>
    public static void Tell(string what, string figure, string promise, IFormattable value, string unit = "")
    {
        var text = value.ToString(value is double ? "0.###" : null, CultureInfo.InvariantCulture) + unit;
        TestContext.Out.WriteLine($"{what}: {figure} {text} ({promise})");
        if (FiguresFile is not null)
        {
            lock (Writing)
            {
                File.AppendAllText(FiguresFile, JsonSerializer.Serialize(new { what, figure, promise, value = text }) + "\n");
            }
        }
    }
}
