using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Application.SignIn;

/// <summary>The numbers with fixed codes, for people who review an app and have no phone of the country.</summary>
/// <param name="policy">The settings that name them.</param>
/// <param name="numbers">How they are spelled.</param>
public sealed class TestNumbers(VerificationPolicy policy, PhoneNumberPolicy numbers)
{
    private readonly Dictionary<PhoneNumber, TestNumber> byNumber = policy.TestNumbers
        .ToDictionary(test => PhoneNumber.Parse(test.PhoneNumber, numbers.DefaultCountryCode).Value!);

    /// <summary>The numbers whose codes are fixed now, masked when written.</summary>
    /// <param name="now">Now, in UTC.</param>
    public IEnumerable<PhoneNumber> Live(DateTimeOffset now) => byNumber.Where(pair => now < pair.Value.ExpiresAt).Select(pair => pair.Key);

    /// <summary>A number's fixed code, or null where its codes are random.</summary>
    /// <param name="phoneNumber">The number.</param>
    /// <param name="now">Now, in UTC.</param>
    public string? CodeOf(PhoneNumber phoneNumber, DateTimeOffset now) =>
        byNumber.TryGetValue(phoneNumber, out var test) && now < test.ExpiresAt ? test.Code : null;
}
