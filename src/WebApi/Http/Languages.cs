namespace PhoneAuth.WebApi.Http;

/// <summary>Chooses between the languages that there are texts in, by <c>Accept-Language</c> (RFC 9110 12.5.4).</summary>
internal static class Languages
{
    public const string English = "en";
    public const string Russian = "ru";

    private const int MostConsidered = 16;

    public static string Of(HttpRequest request)
    {
        var (best, quality) = (English, 0d);
        foreach (var range in request.GetTypedHeaders().AcceptLanguage.Take(MostConsidered))
        {
            var language = range.Value.StartsWith(Russian, StringComparison.OrdinalIgnoreCase) ? Russian
                : range.Value.StartsWith(English, StringComparison.OrdinalIgnoreCase) ? English
                : null;
            if (language is not null && (range.Quality ?? 1) > quality)
            {
                (best, quality) = (language, range.Quality ?? 1);
            }
        }

        return best;
    }
}
