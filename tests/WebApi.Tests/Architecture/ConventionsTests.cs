using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using MediatR;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Architecture;

public class ConventionsTests
{
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly;
    private const int LongestFile = 500;
    private const int LongestUseCase = 150;

    private static readonly Assembly Domain = typeof(PhoneAuth.Domain.Error).Assembly;
    private static readonly Assembly Application = typeof(PhoneAuth.Application.DependencyInjection).Assembly;
    private static readonly string Source = Path.Combine(Repository.Root, "src");

    private static readonly Type[] Handlers = [.. Own(Application).Where(type => ContractsOf(type, typeof(IRequestHandler<,>)).Any())];
    private static readonly Type[] Requests = [.. Own(Application).Where(type => ContractsOf(type, typeof(IRequest<>)).Any())];

    [TestCaseSource(nameof(Handlers))]
    public void A_handler_is_nobody_elses_business(Type handler) =>
        Assert.That((handler.IsNotPublic, handler.IsSealed, handler.Name.EndsWith("Handler", StringComparison.Ordinal)), Is.EqualTo((true, true, true)));

    [TestCaseSource(nameof(Handlers))]
    public void A_handler_never_sends_to_a_handler(Type handler) => Assert.That(
        handler.GetConstructors().SelectMany(constructor => constructor.GetParameters()).Select(parameter => parameter.ParameterType),
        Has.None.EqualTo(typeof(IMediator)).And.None.EqualTo(typeof(ServiceFactory)).And.None.EqualTo(typeof(IServiceProvider)));

    [TestCaseSource(nameof(Requests))]
    public void A_request_is_a_sealed_record_named_for_what_it_does(Type request)
    {
        Assert.That((request.IsSealed, IsRecord(request)), Is.EqualTo((true, true)));
        Assert.That(request.Name, Does.EndWith("Command").Or.EndsWith("Query"));
    }

    [TestCaseSource(nameof(Requests))]
    public void An_answer_is_a_sealed_record_or_says_why_it_is_not(Type request)
    {
        var documentation = XDocument.Load(Path.ChangeExtension(Application.Location, "xml"));
        foreach (var answer in AnswersOf(ContractsOf(request, typeof(IRequest<>)).Single()).Where(answer => !IsRecord(answer)))
        {
            var remarks = documentation.Descendants("member").Single(member => member.Attribute("name")!.Value == "T:" + answer.FullName).Element("remarks")?.Value;
            Assert.That(answer.IsSealed, Is.True, answer.Name);
            Assert.That(remarks, Does.StartWith("A class:"), answer.Name);
        }
    }

    [Test]
    public void Nothing_of_the_domain_can_be_set_from_outside()
    {
        var settable = Own(Domain).SelectMany(type => type.GetProperties(Members))
            .Where(property => property.SetMethod is { IsPublic: true } setter && !setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)));
        Assert.That(settable.Select(property => $"{property.DeclaringType!.Name}.{property.Name}"), Is.Empty);
    }

    [Test]
    public void An_entity_is_made_by_an_act_with_a_name() => Assert.That(
        new[]
        {
            typeof(PhoneAuth.Domain.Users.User), typeof(PhoneAuth.Domain.Sessions.Session), typeof(PhoneAuth.Domain.VerificationCodes.VerificationCode),
            typeof(PhoneAuth.Domain.Addresses.AddressUsage),
        }.SelectMany(entity => entity.GetConstructors()),
        Is.Empty);

    [Test]
    public void No_query_leaves_a_repository()
    {
        var returned = Own(Domain).Concat(Own(Application)).SelectMany(type => type.GetMethods(Members)).Select(method => method.ReturnType);
        Assert.That(returned.SelectMany(AnswersOf).Where(type => typeof(IQueryable).IsAssignableFrom(type)), Is.Empty);
    }

    [Test]
    public void Repositories_never_save() => Assert.That(
        Own(Domain).Where(type => type.IsInterface).SelectMany(type => type.GetMethods()).Select(method => method.Name),
        Has.None.Contains("Save").And.None.Contains("Commit"));

    [Test]
    public void A_folder_is_a_concept_and_never_a_kind()
    {
        string[] kinds =
        [
            "entities", "interfaces", "helpers", "validators", "handlers", "commands", "queries", "services", "models", "dtos", "common", "utils", "utilities",
            "managers", "enums", "exceptions", "extensions", "constants", "repositories", "mappings", "responses", "requests",
        ];
        var folders = Files().Select(file => Path.GetRelativePath(Source, Path.GetDirectoryName(file)!))

            // Operators' commands are a concept: words that people type in a shell.
            .Where(folder => folder is not "WebApi/Commands")
            .SelectMany(folder => folder.Split('/')).Distinct(StringComparer.Ordinal);
        Assert.That(folders.Where(folder => kinds.Contains(folder.ToLowerInvariant(), StringComparer.Ordinal)), Is.Empty);
    }

    [Test]
    public void No_file_is_longer_than_a_reader_can_hold() => Assert.Multiple(() =>
    {
        foreach (var file in Files())
        {
            var longest = file.Contains("/src/Application/", StringComparison.Ordinal) ? LongestUseCase : LongestFile;
            Assert.That(File.ReadLines(file).Count(), Is.LessThanOrEqualTo(longest), file);
        }
    });

    [Test]
    public void Only_the_port_reads_the_clock_and_nothing_sleeps() => Assert.Multiple(() =>
    {
        foreach (var file in Files())
        {
            var text = File.ReadAllText(file);
            Assert.That(text, Does.Not.Contain("DateTime.UtcNow").And.Not.Contain("DateTime.Now").And.Not.Contain("DateTimeOffset.UtcNow").And.Not.Contain("Thread.Sleep"), file);
        }
    });

    private static IEnumerable<string> Files() => Directory.EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/Migrations/", StringComparison.Ordinal));

    private static IEnumerable<Type> Own(Assembly assembly) => assembly.GetTypes().Where(type => type.GetCustomAttribute<CompilerGeneratedAttribute>() is null);

    private static IEnumerable<Type> ContractsOf(Type type, Type contract) => type.IsAbstract ? []
        : type.GetInterfaces().Where(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == contract);

    /// <summary>The types of ours in a type, whatever wraps them.</summary>
    private static IEnumerable<Type> AnswersOf(Type type) => type.IsGenericType ? type.GetGenericArguments().SelectMany(AnswersOf).Append(type.GetGenericTypeDefinition())
        .Where(found => found.Assembly == Application || typeof(IQueryable).IsAssignableFrom(found)) : type.Assembly == Application ? [type] : [];

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;
}
