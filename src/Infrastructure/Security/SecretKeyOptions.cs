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

    public SecretKeyOptionsValidator(IHostEnvironment environment)
    {
        RuleFor(options => options.SecretKey).Must(IsLong).WithMessage($"Set it to a text of {SecretKeyOptions.MinBytes} bytes or more, from a random source.");

        // In Development codes can be read by whoever asks, so the example's key hides nothing there and spares a first try one step.
        RuleFor(options => options.SecretKey).Must(IsNotPlaceholder).When(_ => !environment.IsDevelopment())
            .WithMessage("This is a placeholder: make one of your own, from a random source.");
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
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void Provide(SecretKeyOptions options, IHostEnvironment environment)
    {
        if (!string.IsNullOrEmpty(options.SecretKey) || !environment.IsDevelopment())
        {
            return;
        }

        var folder = Path.Combine(environment.ContentRootPath, "data");
        Directory.CreateDirectory(folder);
        options.SecretKey = ReadOrMake(Path.Combine(folder, FileName));
    }

    // Whoever makes the key holds its file alone: of two that start at once, the second reads what the first has made. Written aside and moved it
    // would not do, for a move that must not replace anything looks first and moves then. A key that is there is read, and needs no right to write.
    private static string ReadOrMake(string path)
    {
        var held = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            held.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var (key, failure) = ((string?)null, (IOException?)null);
        SpinWait.SpinUntil(
            () =>
            {
                try
                {
                    key = ReadOrMake(path, held);
                }
                catch (IOException exception)
                {
                    failure = exception;
                }

                return key is not null;
            },
            Patience);
        return key ?? throw failure!;
    }

    private static string ReadOrMake(string path, FileStreamOptions held)
    {
        if (File.Exists(path) && File.ReadAllText(path) is { Length: > 0 } made)
        {
            return made;
        }

        using var file = new StreamReader(path, held);
        var key = file.ReadToEnd();
        if (key.Length == 0)
        {
            key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretKeyOptions.MinBytes));
            file.BaseStream.Write(Encoding.ASCII.GetBytes(key));
        }

        return key;
    }
}
