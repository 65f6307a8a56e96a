using System.Text.Json;
using FluentValidation;
using MediatR;
using PhoneAuth.Domain;

namespace PhoneAuth.Application.Behaviors;

/// <summary>Answers a request that is not well-formed with what is wrong with each field, before any handler sees it.</summary>
internal sealed class ValidationBehavior<TRequest, TResponse>(IEnumerable<IValidator<TRequest>> validators) : IPipelineBehavior<TRequest, TResponse>
    where TResponse : IResult<TResponse>
{
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        ArgumentNullException.ThrowIfNull(next);
        foreach (var validator in validators)
        {
            var result = validator.Validate(request);
            if (!result.IsValid)
            {
                var fields = result.Errors
                    .GroupBy(failure => JsonNamingPolicy.CamelCase.ConvertName(failure.PropertyName), StringComparer.Ordinal)
                    .ToDictionary(field => field.Key, field => field.Select(failure => failure.ErrorMessage).ToArray(), StringComparer.Ordinal);
                return Task.FromResult(TResponse.Failure(Error.Validation(fields)));
            }
        }

        return next();
    }
}
