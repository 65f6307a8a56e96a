using System.Xml.Linq;

namespace PhoneAuth.WebApi.Tests.Harness;

/// <summary>The checkout that the tests were built from: what it says of itself is held against what the service does.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The version that stands in one place.</summary>
    public static string Version => XDocument.Load(Path.Combine(Root, "Directory.Build.props")).Descendants("VersionPrefix").Single().Value;

    public static string PathOf(string path) => Path.Combine(Root, path);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "PhoneAuth.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside their repository.");
        }

        return folder.FullName;
    }
}
