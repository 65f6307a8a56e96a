using System.Runtime.Versioning;
using Microsoft.Extensions.Hosting;
using Moq;
using PhoneAuth.Infrastructure.Security;

namespace PhoneAuth.Infrastructure.Tests.Security;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DevelopmentSecretKeyTests : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("phoneauth-test-");

    private string Kept => Path.Combine(root.FullName, "data", "secret.key");

    public void Dispose() => root.Delete(recursive: true);

    [TestCase(null)]
    [TestCase("")]
    public void Where_none_is_set_one_is_made_and_kept_beside_the_database(string? none)
    {
        var first = Provide(none);
        Assert.That(Convert.FromBase64String(first!), Has.Length.EqualTo(SecretKeyOptions.MinBytes));
        Assert.That(Provide(none), Is.EqualTo(first), "the next start");
        Assert.That(File.ReadAllText(Kept), Is.EqualTo(first));
    }

    [Test]
    public void No_two_services_make_the_same()
    {
        var first = Provide(null);
        File.Delete(Kept);
        Assert.That(Provide(null), Is.Not.EqualTo(first));
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    public void Nobody_else_on_the_machine_reads_it()
    {
        Provide(null);
        Assert.That(File.GetUnixFileMode(Kept), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public async Task Of_many_that_start_at_once_all_read_the_one_that_stays()
    {
        using var start = new Barrier(16);
        var keys = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return Provide(null);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        Assert.That(keys, Is.All.EqualTo(File.ReadAllText(Kept)));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(Kept)!), Has.Length.EqualTo(1));
    }

    [Test]
    public void One_that_is_set_stays_and_none_is_made()
    {
        Assert.That(Provide("a secret key that only tests know: 7Qm2x9"), Is.EqualTo("a secret key that only tests know: 7Qm2x9"));
        Assert.That(root.EnumerateFileSystemInfos(), Is.Empty);
    }

    [Test]
    public void In_production_none_is_made()
    {
        Assert.That(Provide(null, "Production"), Is.Null);
        Assert.That(root.EnumerateFileSystemInfos(), Is.Empty);
    }

    private string? Provide(string? key, string environment = "Development")
    {
        var options = new SecretKeyOptions { SecretKey = key };
        DevelopmentSecretKey.Provide(options, Mock.Of<IHostEnvironment>(host => host.EnvironmentName == environment && host.ContentRootPath == root.FullName));
        return options.SecretKey;
    }
}
