using System.Net.Mime;
using Microsoft.AspNetCore.WebUtilities;
using PhoneAuth.Infrastructure.Sms;
using PhoneAuth.Infrastructure.Sms.Receipts;
using PhoneAuth.WebApi.Http;

namespace PhoneAuth.WebApi.Endpoints;

/// <summary>What gateways report of the texts that they have taken.</summary>
internal static class ReceiptEndpoints
{
    private const int MostFields = 256;

    public static void MapReceipts(this IEndpointRouteBuilder api) =>
        api.MapPost("/sms/receipts/{gateway}", RecordAsync)
            .WithName("recordReceipts").WithTags("Machines").WithSummary("Delivery receipts")
            .WithDescription("What a gateway reports of texts that it has taken, in the gateway's own format and with its own signature. A receipt may come again; one of a text that is not known is taken all the same. Absent for a gateway that no text goes to.")
            .WithMetadata(
                new AnyBodyMetadata([MediaTypeNames.Application.FormUrlEncoded, MediaTypeNames.Application.Json]),
                new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), [MediaTypeNames.Text.Plain]),
                new ExampleMetadata(StatusCodes.Status200OK, Examples.Receipt, "100"))
            .Refuses(RequestErrors.NotFound, RequestErrors.TooLarge, RequestErrors.Malformed, RequestErrors.ReceiptNotAuthentic);

    private static async Task<IResult> RecordAsync(
        string gateway, HttpRequest request, IEnumerable<IReceiptReader> readers, IReceiptBook book, CancellationToken cancellationToken)
    {
        var reader = readers.FirstOrDefault(known => string.Equals(known.Gateway, gateway, StringComparison.OrdinalIgnoreCase));
        if (reader is not { IsOn: true })
        {
            return new ProblemResult(RequestErrors.NotFound);
        }

        var (body, refused) = await BodyReader.ReadAsync(request, cancellationToken);
        if (refused is not null)
        {
            return new ProblemResult(refused);
        }

        var reading = reader.Read(new ReceiptRequest(name => request.Headers[name] is [var value] ? value : null, body, await FormOf(request, body, cancellationToken)));
        if (!reading.IsAuthentic)
        {
            return new ProblemResult(RequestErrors.ReceiptNotAuthentic);
        }

        if (reading.Receipts is null)
        {
            return new ProblemResult(RequestErrors.Malformed);
        }

        if (reading.Receipts.Count > 0)
        {
            await book.RecordAsync(reader.Gateway, reading.Receipts, cancellationToken);
        }

        return Results.Text(reading.Answer);
    }

    private static async Task<IReadOnlyList<KeyValuePair<string, string>>?> FormOf(HttpRequest request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType)
        {
            return null;
        }

        var fields = new List<KeyValuePair<string, string>>();
        using var reader = new FormReader(new MemoryStream(body.ToArray()));
        try
        {
            while (await reader.ReadNextPairAsync(cancellationToken) is { } field)
            {
                fields.Add(field);
            }

            return fields.Count <= MostFields ? fields : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
