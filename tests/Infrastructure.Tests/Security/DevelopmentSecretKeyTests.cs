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
    public void One_that_was_begun_and_never_written_is_made()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Kept)!);
        File.WriteAllText(Kept, "");
        Assert.That(Provide(null), Is.EqualTo(File.ReadAllText(Kept)).And.Not.Empty);
    }

    [Test]
    public void One_that_is_there_is_read_whoever_else_reads_it()
    {
        var made = Provide(null);
        using var reader = File.OpenRead(Kept);
        Assert.That(Provide(null), Is.EqualTo(made));
    }

    [Test]
    public async Task Of_some_that_start_at_once_all_read_the_one_that_stays()
    {
        const int Starts = 4;
        const int Rounds = 10;
        var kept = new string[Rounds];
        using var round = new Barrier(Starts, barrier =>
        {
            // Between two rounds nobody is at it.
            if (barrier.CurrentPhaseNumber > 0)
            {
                kept[barrier.CurrentPhaseNumber - 1] = string.Join(' ', Directory.GetFiles(Path.GetDirectoryName(Kept)!).Select(File.ReadAllText));
                File.Delete(Kept);
            }
        });
        var read = await Task.WhenAll(Enumerable.Range(0, Starts).Select(_ => Task.Factory.StartNew(
            () =>
            {
                try
                {
                    var keys = new string?[Rounds];
                    round.SignalAndWait();
                    for (var at = 0; at < Rounds; at++)
                    {
                        keys[at] = Provide(null);
                        round.SignalAndWait();
                    }

                    return keys;
                }
                finally
                {
                    // Where one fails the others are not to wait for it for ever.
                    round.RemoveParticipant();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        Assert.That(read, Is.All.EqualTo(kept));
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
