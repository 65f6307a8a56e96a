using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace PhoneAuth.WebApi.Http;

/// <summary>Settings that the service does not start with, as one line.</summary>
internal static class BadSettings
{
    /// <summary>The line for the operator, or null where the exception is about something else.</summary>
    public static string? In(Exception exception) => exception switch
    {
        OptionsValidationException invalid => Line(invalid.Failures),
        AggregateException { InnerExceptions: var all } when all.All(inner => inner is OptionsValidationException) =>
            Line(all.Cast<OptionsValidationException>().SelectMany(invalid => invalid.Failures)),

        // The binder's own words, for a value that is not of its setting's type.
        InvalidOperationException { Message: var message } when message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal) =>
            Line([message]),

        // The address is well-formed, and somebody else's or nobody's here.
        IOException { InnerException: AddressInUseException or SocketException } taken => Line([taken.Message]),
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable or SocketError.AccessDenied } denied => Line([denied.Message]),
        _ => null,
    };

    private static string Line(IEnumerable<string> failures) => "The settings are not right: " + string.Join(" ", failures.Distinct(StringComparer.Ordinal)).ReplaceLineEndings(" ");
}
