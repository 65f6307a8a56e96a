using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using FluentValidation;
using Microsoft.Extensions.Hosting;

namespace PhoneAuth.Infrastructure.Sms.Files;

/// <summary>The file that texts are written to, as the settings under <c>Sms:File</c> say it.</summary>
public sealed record FileSmsOptions
{
    /// <summary>The file; a relative path begins where the service's own files are. Its folder is made when it is missing.</summary>
    public string Path { get; init; } = "data/texts.jsonl";
}

internal sealed class FileSmsOptionsValidator : AbstractValidator<FileSmsOptions>
{
    public FileSmsOptionsValidator() => RuleFor(options => options.Path)
        .Must(path => path.Length > 0 && !path.AsSpan().ContainsAny(System.IO.Path.GetInvalidPathChars()) && System.IO.Path.GetFileName(path).Length > 0)
        .WithMessage("This is not a file's path.");
}

/// <summary>
/// Appends each text to a file, one line of JSON, for try-outs without a network. A line is on the disk before the text counts as taken; any number of
/// processes may write to one file.
/// </summary>
internal sealed class FileSmsGateway(FileSmsOptions options, IHostEnvironment environment, TimeProvider clock) : ISmsGateway, IDisposable
{
    public const string GatewayName = "File";

    private const int TriesForLock = 400;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(5);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SemaphoreSlim oneAtATime = new(1, 1);
    private readonly string path = Path.Combine(environment.ContentRootPath, options.Path);

    public string Name => GatewayName;

    public async Task<SmsOutcome> SendAsync(SmsMessage message, CancellationToken cancellationToken)
    {
        byte[] line =
        [
            .. JsonSerializer.SerializeToUtf8Bytes(
                new Line(message.Id.ToString(), message.PhoneNumber.E164, message.Text, message.Code, message.Language, Utc(message.ExpiresAt), Utc(clock.GetUtcNow())), Json),
            (byte)'\n',
        ];
        await oneAtATime.WaitAsync(cancellationToken);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using var file = await OpenAloneAsync(cancellationToken);
            await file.WriteAsync(line, cancellationToken);
            file.Flush(flushToDisk: true);
            return SmsOutcome.Accepted(message.Id.ToString());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return SmsOutcome.TryLater($"the file: {exception.GetType().Name}");
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    public void Dispose() => oneAtATime.Dispose();

    // Whoever has it alone writes; its end is where it is only then.
    private async Task<FileStream> OpenAloneAsync(CancellationToken cancellationToken)
    {
        var how = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        for (var tries = 1; ; tries++)
        {
            try
            {
                return new FileStream(path, how);
            }
            catch (IOException) when (tries < TriesForLock && File.Exists(path))
            {
                await Task.Delay(BetweenTries, cancellationToken);
            }
        }
    }

    private static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    private sealed record Line(string Id, string PhoneNumber, string Text, string Code, string Locale, string ExpiresAt, string SentAt);
}
