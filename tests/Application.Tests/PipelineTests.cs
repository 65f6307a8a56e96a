using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using PhoneAuth.Application.Behaviors;
using PhoneAuth.Application.Sessions;

namespace PhoneAuth.Application.Tests;

public class PipelineTests
{
    private static readonly ServiceCollection Services = Register();
    private static readonly Type[] Requests =
        [.. typeof(DependencyInjection).Assembly.GetTypes().Where(type => Contract(type, typeof(IRequest<>)) is not null && type is { IsAbstract: false })];

    [Test]
    public void Logging_is_around_validation() => Assert.That(
        Services.Where(service => service.ServiceType == typeof(IPipelineBehavior<,>)).Select(service => service.ImplementationType),
        Is.EqualTo(new[] { typeof(LoggingBehavior<,>), typeof(ValidationBehavior<,>) }));

    [TestCaseSource(nameof(Requests))]
    public void Every_request_has_one_handler(Type request)
    {
        var handler = typeof(IRequestHandler<,>).MakeGenericType(request, Contract(request, typeof(IRequest<>))!.GetGenericArguments()[0]);
        Assert.That(Services.Count(service => service.ServiceType == handler), Is.EqualTo(1));
    }

    [TestCaseSource(nameof(Requests))]
    public void Every_request_that_carries_a_callers_words_has_a_validator(Type request)
    {
        // A session's id is no shape of its own: whatever is none of the caller's is not found.
        var carriesWords = request.GetProperties().Any(property => property.PropertyType.Equals(typeof(string))) && !request.Equals(typeof(EndSessionCommand));
        Assert.That(Services.Count(service => service.ServiceType == typeof(IValidator<>).MakeGenericType(request)), Is.EqualTo(carriesWords ? 1 : 0));
    }

    private static ServiceCollection Register()
    {
        var services = new ServiceCollection();
        services.AddApplication();
        return services;
    }

    private static Type? Contract(Type type, Type contract) =>
        Array.Find(type.GetInterfaces(), candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == contract);
}
