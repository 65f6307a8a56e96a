using System.Reflection;

namespace PhoneAuth.WebApi.Tests.Architecture;

public class LayersTests
{
    private static readonly Assembly Domain = typeof(PhoneAuth.Domain.Error).Assembly;
    private static readonly Assembly Application = typeof(PhoneAuth.Application.DependencyInjection).Assembly;
    private static readonly Assembly Infrastructure = typeof(PhoneAuth.Infrastructure.DependencyInjection).Assembly;
    private static readonly Assembly WebApi = typeof(Program).Assembly;

    [Test]
    public void The_domain_stands_on_nothing() => Assert.That(ReferencesOf(Domain), Is.All.StartsWith("System"));

    [Test]
    public void The_application_stands_on_the_domain_and_its_three_packages() => Assert.That(
        ReferencesOf(Application).Where(name => !name.StartsWith("System", StringComparison.Ordinal)),
        Is.SubsetOf(new[]
        {
            "PhoneAuth.Domain", "MediatR", "FluentValidation", "AutoMapper",
            "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Logging.Abstractions",
        }));

    [Test]
    public void The_infrastructure_knows_nothing_of_HTTP_servers() => Assert.That(
        ReferencesOf(Infrastructure), Has.None.EqualTo("PhoneAuth.WebApi").And.None.StartsWith("Microsoft.AspNetCore"));

    [Test]
    public void The_web_knows_no_database() => Assert.That(
        ReferencesOf(WebApi), Has.None.StartsWith("Microsoft.EntityFrameworkCore").And.None.StartsWith("Npgsql").And.None.StartsWith("Microsoft.Data.Sqlite"));

    [Test]
    public void Every_arrow_points_inward()
    {
        Assembly[] inward = [Domain, Application, Infrastructure, WebApi];
        foreach (var (layer, at) in inward.Select((layer, at) => (layer, at)))
        {
            var outer = inward[(at + 1)..].Select(assembly => assembly.GetName().Name!);
            Assert.That(ReferencesOf(layer).Intersect(outer, StringComparer.Ordinal), Is.Empty, layer.GetName().Name);
        }
    }

    private static IEnumerable<string> ReferencesOf(Assembly assembly) => assembly.GetReferencedAssemblies().Select(reference => reference.Name!);
}
