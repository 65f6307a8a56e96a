using System.IO.Compression;
using System.Text;
using Swashbuckle.AspNetCore.ReDoc;

namespace PhoneAuth.WebApi.Http;

/// <summary>ReDoc's script as its package embeds it, without the picture that it would load from its maker's servers.</summary>
internal static class RedocScript
{
    private const string Name = "redoc.standalone.js";
    private const string Nothing = "data:,";

    private static readonly string[] Pictures = ["https://cdn.redoc.ly/redoc/logo-mini-full.svg", "https://cdn.redoc.ly/redoc/logo-mini.svg"];
    private static readonly Lazy<byte[]> Script = new(Read);

    /// <summary>The script, UTF-8; unpacked when it is first asked for.</summary>
    public static byte[] Bytes => Script.Value;

    private static byte[] Read()
    {
        var assembly = typeof(ReDocOptions).Assembly;
        var name = assembly.GetManifestResourceNames().Single(resource => resource.EndsWith(Name, StringComparison.Ordinal));
        using var unpacked = new GZipStream(assembly.GetManifestResourceStream(name)!, CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked, Encoding.UTF8);
        var script = Pictures.Aggregate(reader.ReadToEnd(), (text, picture) => text.Replace(picture, Nothing, StringComparison.Ordinal));
        return Encoding.UTF8.GetBytes(script);
    }
}
