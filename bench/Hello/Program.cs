// The least that ASP.NET Core does: what the service is compared with, published and set up as it is.
var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders();
var app = builder.Build();
app.MapGet("/", () => "hello");
app.Run();
