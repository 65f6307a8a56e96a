using System.Diagnostics.CodeAnalysis;

namespace PhoneAuth.Domain;

/// <summary>What every result can do, so that the pipeline can make a refusal without reflection.</summary>
/// <typeparam name="TSelf">The result type itself.</typeparam>
public interface IResult<TSelf>
    where TSelf : IResult<TSelf>
{
    /// <summary>The refusal, or null on success.</summary>
    Error? Error { get; }

    /// <summary>Makes a refusal of this type.</summary>
    /// <param name="error">Why it was refused.</param>
    static abstract TSelf Failure(Error error);
}

/// <summary>Done, or refused with an <see cref="Error"/>.</summary>
public sealed record Result : IResult<Result>
{
    private static readonly Result Done = new((Error?)null);

    private Result(Error? error) => Error = error;

    /// <inheritdoc/>
    public Error? Error { get; }

    /// <summary>Whether it was done.</summary>
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Error is null;

    /// <summary>It was done.</summary>
    public static Result Success() => Done;

    /// <inheritdoc/>
    public static Result Failure(Error error) => new(error);

    /// <summary>A refusal is a result.</summary>
    /// <param name="error">Why it was refused.</param>
    public static implicit operator Result(Error error) => Failure(error);
}

/// <summary>A value, or refused with an <see cref="Error"/>.</summary>
/// <typeparam name="T">What success carries.</typeparam>
public sealed record Result<T> : IResult<Result<T>>
{
    private Result(T? value, Error? error) => (Value, Error) = (value, error);

    /// <summary>What success carries; default on refusal.</summary>
    public T? Value { get; }

    /// <inheritdoc/>
    public Error? Error { get; }

    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Error is null;

    /// <summary>Makes a success.</summary>
    /// <param name="value">What it carries.</param>
    public static Result<T> Success(T value) => new(value, null);

    /// <inheritdoc/>
    public static Result<T> Failure(Error error) => new(default, error);

    /// <summary>A value is a success.</summary>
    /// <param name="value">What it carries.</param>
    public static implicit operator Result<T>(T value) => Success(value);

    /// <summary>A refusal is a result.</summary>
    /// <param name="error">Why it was refused.</param>
    public static implicit operator Result<T>(Error error) => Failure(error);
}
