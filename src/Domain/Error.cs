using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Domain;

/// <summary>What sort of refusal an <see cref="Error"/> is. The only map from kind to HTTP status is in WebApi/Http.</summary>
public enum ErrorKind
{
    /// <summary>A value is missing, empty or ill-formed.</summary>
    Validation,

    /// <summary>Nobody is signed in, or what they show does not prove who they are.</summary>
    Unauthenticated,

    /// <summary>The caller is known and may not do this.</summary>
    Forbidden,

    /// <summary>What is asked for does not exist.</summary>
    NotFound,

    /// <summary>It has been done already.</summary>
    Conflict,

    /// <summary>Well-formed, and still not possible.</summary>
    Unprocessable,

    /// <summary>A limit was hit; <see cref="Error.RetryAt"/> says when to come back.</summary>
    TooManyRequests,
}

/// <summary>A refusal as a value.</summary>
/// <param name="Kind">What sort of refusal it is.</param>
/// <param name="Code">The stable word that clients switch on, in snake_case.</param>
/// <param name="Message">One English sentence for a person, without any value in it: it is also the key of its translation.</param>
public sealed record Error(ErrorKind Kind, string Code, string Message)
{
    /// <summary>The code of every validation failure.</summary>
    public const string ValidationCode = "validation_failed";

    /// <summary>When the limit that was hit lets go, in UTC; null where no limit was hit.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>How many guesses the live code still has; null where no guess was made.</summary>
    public int? AttemptsLeft { get; init; }

    /// <summary>How far the live code's text has come; null where that is not what was asked.</summary>
    public Delivery? Delivery { get; init; }

    /// <summary>What is wrong with each field, by its camelCase name; null unless <see cref="Kind"/> is <see cref="ErrorKind.Validation"/>.</summary>
    public IReadOnlyDictionary<string, string[]>? Fields { get; init; }

    /// <summary>A validation failure of the given fields.</summary>
    /// <param name="fields">Messages by camelCase field name.</param>
    public static Error Validation(IReadOnlyDictionary<string, string[]> fields) =>
        new(ErrorKind.Validation, ValidationCode, "Some values are missing or not well-formed.") { Fields = fields };

    /// <summary>A validation failure of one field.</summary>
    /// <param name="field">The field's camelCase name.</param>
    /// <param name="message">What is wrong with it.</param>
    public static Error Validation(string field, string message) =>
        Validation(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] });
}
