using System.Reflection;
using PhoneAuth.Domain;
using PhoneAuth.Domain.Users;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Http;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Http;

[OnBothDatabases]
internal sealed class ProblemTests(DatabaseKind kind) : ApiTest(kind)
{
    private const BindingFlags Statics = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static;

    [Test]
    public async Task A_problem_has_the_members_of_the_contract()
    {
        var answer = await Client.SendCodeAsync("hello");
        Assert.Multiple(() =>
        {
            Assert.That(answer.ContentHeaders.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
            Assert.That(
                answer.Json.EnumerateObject().Select(member => member.Name),
                Is.EqualTo(new[] { "type", "title", "status", "detail", "instance", "traceId", "code", "errors" }));
            Assert.That(answer.Json.Text("type"), Is.EqualTo("urn:phoneauth:validation_failed"));
            Assert.That(answer.Json.GetProperty("status").GetInt32(), Is.EqualTo(400));
            Assert.That(answer.Json.Text("instance"), Is.EqualTo("/send-code"));
            Assert.That(answer.Json.Text("traceId"), Does.Match("^[0-9a-f]{32}$"));
        });
    }

    [TestCase("ru", "бывает")]
    [TestCase("ru-RU,ru;q=0.9,en;q=0.8", "бывает")]
    [TestCase("de, ru;q=0.3, en;q=0.2", "бывает")]
    [TestCase("en, ru;q=0.9", "possible")]
    [TestCase("de", "possible")]
    [TestCase("ru;q=0", "possible")]
    [TestCase(";;;", "possible")]
    public async Task Texts_are_in_the_language_of_the_caller(string accepted, string word)
    {
        var answer = await Client.ReadAsync(
            HttpMethod.Post, "/send-code", new StringContent("""{"phoneNumber":"1"}""", null, "application/json"), ("Accept-Language", accepted));
        Assert.That(answer.Json.GetProperty("errors").GetProperty("phoneNumber")[0].GetString(), Does.Contain(word));
    }

    [Test]
    public void Every_error_has_a_title_and_every_sentence_its_translation()
    {
        var errors = Errors().ToList();
        Assert.That(errors, Has.Count.GreaterThan(20));
        Assert.Multiple(() =>
        {
            foreach (var error in errors)
            {
                Assert.That(ProblemTexts.Title(error.Code, Languages.Russian), Is.Not.EqualTo(error.Code).And.Not.EqualTo(ProblemTexts.Title(error.Code, Languages.English)), error.Code);
                Assert.That(ProblemTexts.Translate(error.Message, Languages.Russian), Is.Not.EqualTo(error.Message), error.Code);
            }

            foreach (var message in ValidationMessages())
            {
                Assert.That(ProblemTexts.Translate(message, Languages.Russian), Is.Not.EqualTo(message));
            }
        });
    }

    [Test]
    public async Task The_document_names_every_code_that_a_problem_may_have()
    {
        var document = (await Client.ReadAsync(HttpMethod.Get, "/openapi/v1.json")).Json;
        var code = document.GetProperty("components").GetProperty("schemas").GetProperty("Problem").GetProperty("properties").GetProperty("code");
        var named = code.GetProperty("enum").EnumerateArray().Select(known => known.GetString());
        var known = Errors().Select(error => error.Code).Append(Error.Validation("", "").Code).Except([UserErrors.NotFound.Code], StringComparer.Ordinal);
        Assert.That(named, Is.EqualTo(known.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)));
    }

    private static IEnumerable<Error> Errors()
    {
        var types = new[] { typeof(Error).Assembly, typeof(ProblemTexts).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type is { IsAbstract: true, IsSealed: true } && type.Name.EndsWith("Errors", StringComparison.Ordinal));
        foreach (var type in types)
        {
            foreach (var field in type.GetFields(Statics).Where(field => field.FieldType == typeof(Error)))
            {
                yield return (Error)field.GetValue(null)!;
            }

            foreach (var method in type.GetMethods(Statics).Where(method => method.ReturnType == typeof(Error)))
            {
                var arguments = method.GetParameters().Select(parameter => parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null);
                yield return (Error)method.Invoke(null, [.. arguments])!;
            }
        }
    }

    /// <summary>What validators say of requests: the constants that are named as messages.</summary>
    private static IEnumerable<string> ValidationMessages() =>
        new[] { typeof(Error).Assembly, typeof(Application.DependencyInjection).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetFields(Statics))
            .Where(field => field.IsLiteral && field.Name.EndsWith("Message", StringComparison.Ordinal))
            .Select(field => (string)field.GetRawConstantValue()!)
            .Append(Error.Validation("", "").Message);
}
