using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace PhoneAuth.WebApi.Http;

/// <summary>The OpenAPI document as it is served. Made once: it is the same for everybody, and making it takes as long as a hundred other answers.</summary>
internal sealed class ServedDocument([FromKeyedServices(OpenApiSetup.DocumentName)] IOpenApiDocumentProvider provider)
{
    private readonly Lazy<Task<byte[]>> bytes = new(() => MakeAsync(provider));

    public Task<byte[]> Bytes => bytes.Value;

    private static async Task<byte[]> MakeAsync(IOpenApiDocumentProvider provider)
    {
        var document = await provider.GetOpenApiDocumentAsync();
        using var text = new MemoryStream();
        await document.SerializeAsJsonAsync(text, OpenApiSpecVersion.OpenApi3_0);
        return text.ToArray();
    }
}
