using System.Security.Cryptography;
using System.Text;
using FluentValidation;
using Microsoft.Extensions.Hosting;

namespace PhoneAuth.Infrastructure.Security;

/// <summary>The secret key, and those before it, from the root of the settings.</summary>
public sealed record SecretKeyOptions
{
    /// <summary>The fewest bytes of a secret key.</summary>
    public const int MinBytes = 32;

    /// <summary>Keys hashes, seals signing keys; a text of <see cref="MinBytes"/> bytes or more.</summary>
    public string? SecretKey { get; set; }

    /// <summary>Keys that were <see cref="SecretKey"/> once: they still read.</summary>
    public IReadOnlyList<string> PreviousSecretKeys { get; init; } = [];
}

internal sealed class SecretKeyOptionsValidator : AbstractValidator<SecretKeyOptions>
{
    private const int MinDistinctCharacters = 8;

    public SecretKeyOptionsValidator()
    {
        RuleFor(options => options.SecretKey).Must(IsLong).WithMessage($"Set it to a text of {SecretKeyOptions.MinBytes} bytes or more, from a random source.");
        RuleFor(options => options.SecretKey).Must(IsNotPlaceholder).WithMessage("This is a placeholder: make one of your own, from a random source.");
        RuleForEach(options => options.PreviousSecretKeys).Must(IsLong).WithMessage($"Each has {SecretKeyOptions.MinBytes} bytes or more.");
    }

    private static bool IsLong(string? key) => key is not null && Encoding.UTF8.GetByteCount(key) >= SecretKeyOptions.MinBytes;

    private static bool IsNotPlaceholder(string? key) => key is null ||
        (key.Distinct().Count() >= MinDistinctCharacters
            && !key.Contains("change-me", StringComparison.OrdinalIgnoreCase)
            && !key.Contains("changeme", StringComparison.OrdinalIgnoreCase)
            && !key.Contains("change_me", StringComparison.OrdinalIgnoreCase));
}

/// <summary>In Development, where no secret key is set, makes one and keeps it beside the database file.</summary>
internal static class DevelopmentSecretKey
{
    private const string FileName = "secret.key";

    public static void Provide(SecretKeyOptions options, IHostEnvironment environment)
    {
        if (!string.IsNullOrEmpty(options.SecretKey) || !environment.IsDevelopment())
        {
            return;
        }

        var folder = Path.Combine(environment.ContentRootPath, "data");
        var path = Path.Combine(folder, FileName);
        Directory.CreateDirectory(folder);
        if (!File.Exists(path))
        {
            // Written aside and moved: of two that start at once, both read the one that stays.
            var own = path + "." + Guid.NewGuid().ToString("N");
            File.WriteAllText(own, Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretKeyOptions.MinBytes)));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(own, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            try
            {
                File.Move(own, path, overwrite: false);
            }
            catch (IOException) when (File.Exists(path))
            {
                File.Delete(own);
            }
        }

        options.SecretKey = File.ReadAllText(path);
    }
}
