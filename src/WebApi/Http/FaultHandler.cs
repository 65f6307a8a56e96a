using Microsoft.AspNetCore.Diagnostics;
using PhoneAuth.Infrastructure.Persistence;

namespace PhoneAuth.WebApi.Http;

/// <summary>The one place where exceptions end: a fault of the database is "unavailable", everything else is a bug.</summary>
internal sealed partial class FaultHandler(ILogger<FaultHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered, and nobody's fault.
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        if (exception is BadHttpRequestException bad)
        {
            await new ProblemResult(ErrorStatus.OfBareStatus(bad.StatusCode) ?? RequestErrors.Malformed).ExecuteAsync(httpContext);
            return true;
        }

        if (DatabaseFaults.Caused(exception))
        {
            Unavailable(exception);
            await new ProblemResult(RequestErrors.Unavailable).ExecuteAsync(httpContext);
            return true;
        }

        Failed(exception);
        await new ProblemResult(RequestErrors.Internal).ExecuteAsync(httpContext);
        return true;
    }

    [LoggerMessage(LogLevel.Error, "The database failed")]
    private partial void Unavailable(Exception exception);

    [LoggerMessage(LogLevel.Error, "The request failed")]
    private partial void Failed(Exception exception);
}
