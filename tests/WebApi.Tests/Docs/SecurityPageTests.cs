using System.Text.RegularExpressions;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Docs;

/// <summary>The page of promises names the tests that keep them: every one of them is there.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed partial class SecurityPageTests
{
    private static readonly string[] Lines = File.ReadAllLines(Repository.PathOf("docs/security.md"));

    [Test]
    public void Every_promise_is_kept_by_a_test_and_answers_something()
    {
        var promises = Lines.Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| promise ", StringComparison.Ordinal)).ToList();
        Assert.That(promises, Has.Count.GreaterThan(30));
        Assert.Multiple(() =>
        {
            foreach (var promise in promises)
            {
                Assert.That(TestName().IsMatch(promise), Is.True, promise);
                Assert.That(promise.TrimEnd('|', ' ').Split('|')[^1], Does.Match("V[6-9]|NIST|RFC|API"), promise);
            }
        });
    }

    [Test]
    public void Every_test_that_it_names_is_there()
    {
        var sources = Directory.EnumerateFiles(Repository.PathOf("tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(File.ReadAllText).ToList();
        var named = TestName().Matches(string.Join('\n', Lines)).Select(match => (Class: match.Groups["class"].Value, Method: match.Groups["method"].Value)).Distinct().ToList();
        Assert.That(named, Has.Count.GreaterThan(60));
        Assert.That(named.Where(test => !sources.Exists(source => Declares(source, test.Class, test.Method))), Is.Empty);
    }

    private static bool Declares(string source, string type, string method)
    {
        var (begin, name) = (source.IndexOf($" class {type}", StringComparison.Ordinal), $" {method}(");
        if (begin < 0)
        {
            return false;
        }

        var end = source.IndexOf("\n}\n", begin, StringComparison.Ordinal);
        return source[begin..(end < 0 ? source.Length : end)].Contains(name, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"`(?<class>\w+Tests)\.(?<method>\w+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TestName();
}
