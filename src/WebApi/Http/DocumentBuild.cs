using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PhoneAuth.Infrastructure.Security;

namespace PhoneAuth.WebApi.Http;

/// <summary>The build runs this program to write the OpenAPI document: then it needs a secret key of the moment, and starts nothing.</summary>
internal static class DocumentBuild
{
    private static readonly bool UnderWay = string.Equals(Assembly.GetEntryAssembly()?.GetName().Name, "GetDocument.Insider", StringComparison.Ordinal);

    public static void StartNothingInBuild(this WebApplicationBuilder builder)
    {
        if (UnderWay)
        {
            builder.Configuration["SecretKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretKeyOptions.MinBytes));
            builder.Services.RemoveAll<IHostedService>();
        }
    }
}
