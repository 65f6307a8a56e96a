using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using FluentValidation;
using MediatR;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain;

namespace PhoneAuth.Application.Profiles;

/// <summary>Lists whom the caller invited, newest first.</summary>
/// <param name="Limit">How many at most, 1 to 500; 100 when absent.</param>
/// <param name="After">The <c>next</c> of the page before; absent for the first.</param>
public sealed record ListInvitedUsersQuery(string? Limit, string? After) : IRequest<Result<InvitedUsersResponse>>;

/// <summary>A page of invited users.</summary>
/// <param name="Items">The users, newest first.</param>
/// <param name="Next">Where the next page begins, or null at the end.</param>
public sealed record InvitedUsersResponse(IReadOnlyList<InvitedUserResponse> Items, string? Next);

/// <summary>Where a page ended: an opaque word for clients.</summary>
/// <param name="ActivatedAt">The last item's time, UTC.</param>
/// <param name="UserId">The last item's user, who breaks ties.</param>
public sealed record InvitedUsersCursor(DateTimeOffset ActivatedAt, Guid UserId)
{
    private const int Size = sizeof(long) + 16;

    /// <summary>Reads a cursor that a client sends back.</summary>
    /// <param name="text">What it sent.</param>
    /// <returns>The cursor, or null where it is none of ours.</returns>
    public static InvitedUsersCursor? Parse(string? text)
    {
        Span<byte> bytes = stackalloc byte[Size];
        if (text is null || text.Length != Base64Url.GetEncodedLength(Size)
            || Base64Url.DecodeFromChars(text, bytes, out _, out var size) != OperationStatus.Done || size != Size)
        {
            return null;
        }

        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        return ticks < 0 || ticks > DateTimeOffset.MaxValue.Ticks
            ? null
            : new InvitedUsersCursor(new DateTimeOffset(ticks, TimeSpan.Zero), new Guid(bytes[sizeof(long)..], bigEndian: true));
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteInt64BigEndian(bytes, ActivatedAt.UtcTicks);
        UserId.TryWriteBytes(bytes[sizeof(long)..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }
}

internal sealed class ListInvitedUsersValidator : AbstractValidator<ListInvitedUsersQuery>
{
    public const string LimitMessage = "The limit is a whole number from 1 to 500.";
    public const string AfterMessage = "Send the next of the page before as it is.";

    public ListInvitedUsersValidator()
    {
        RuleFor(query => query.Limit).Must(limit => ReadLimit(limit) is >= 1 and <= 500).WithMessage(LimitMessage);
        RuleFor(query => query.After).Must(after => after is null || InvitedUsersCursor.Parse(after) is not null).WithMessage(AfterMessage);
    }

    public static int? ReadLimit(string? limit) => limit is null ? 100
        : int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

internal sealed class ListInvitedUsersHandler(ICurrentUser caller, IProfileReader profiles)
    : IRequestHandler<ListInvitedUsersQuery, Result<InvitedUsersResponse>>
{
    public async Task<Result<InvitedUsersResponse>> Handle(ListInvitedUsersQuery query, CancellationToken cancellationToken)
    {
        var limit = ListInvitedUsersValidator.ReadLimit(query.Limit)!.Value;
        return await profiles.ListInvitedAsync(caller.UserId, InvitedUsersCursor.Parse(query.After), limit, cancellationToken);
    }
}
