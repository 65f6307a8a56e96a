using PhoneAuth.Domain.PhoneNumbers;

namespace PhoneAuth.Application.Operators;

/// <summary>A text that a gateway took.</summary>
/// <param name="Gateway">Which.</param>
/// <param name="GatewayMessageId">The gateway's id of it.</param>
/// <param name="Delivery"><c>sent</c>, or what the gateway reported: <c>delivered</c> or <c>failed</c>.</param>
/// <param name="SentAt">When, UTC.</param>
public sealed record ExportedText(string Gateway, string GatewayMessageId, string Delivery, DateTimeOffset SentAt);

/// <summary>Reads what is kept of texts that gateways took.</summary>
public interface ISentTexts
{
    /// <summary>Those to one number, newest first. It reads through all that are kept: a question for operators.</summary>
    /// <param name="phoneNumber">The number.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<ExportedText>> ListAsync(PhoneNumber phoneNumber, CancellationToken cancellationToken);
}
