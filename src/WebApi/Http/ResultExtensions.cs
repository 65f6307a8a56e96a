using PhoneAuth.Domain;

namespace PhoneAuth.WebApi.Http;

/// <summary>Results as answers.</summary>
internal static class ResultExtensions
{
    public static IResult ToHttp<T>(this Result<T> result, int status = StatusCodes.Status200OK) =>
        result.IsSuccess ? Results.Json(result.Value, statusCode: status) : new ProblemResult(result.Error);

    public static IResult ToHttp(this Result result) => result.IsSuccess ? Results.NoContent() : new ProblemResult(result.Error);
}
