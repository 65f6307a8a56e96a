using FluentValidation;
using Microsoft.Extensions.Hosting;

namespace PhoneAuth.Infrastructure.Sms;

internal sealed class SimulatedSmsOptionsValidator : AbstractValidator<SimulatedSmsOptions>
{
    public SimulatedSmsOptionsValidator(IHostEnvironment environment)
    {
        RuleFor(options => options.Delay).InclusiveBetween(TimeSpan.Zero, TimeSpan.FromMinutes(1));
        RuleFor(options => options.FailureRate).InclusiveBetween(0, 1);
        RuleFor(options => options.Inbox)
            .Must(inbox => inbox is not true || !environment.IsProduction())
            .WithMessage("The inbox shows everybody's codes to anybody: it cannot be on in Production.");
    }
}
