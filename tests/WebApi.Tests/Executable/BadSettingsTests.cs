using PhoneAuth.Testing;

namespace PhoneAuth.WebApi.Tests.Executable;

[Parallelizable(ParallelScope.Self)]
public class BadSettingsTests
{
    private static readonly (string Key, string Value) GoodKey = ("SecretKey", ServiceProcess.SecretKey);

    [TestCase("SecretKey", null, "32 bytes")]
    [TestCase("SecretKey", "short", "32 bytes")]
    [TestCase("Verification:Lifetime", "00:11:00", "Verification:Lifetime")]
    [TestCase("Verification:CodeLength", "3", "Verification:CodeLength")]
    [TestCase("Verification:CodeLength", "four", "Verification:CodeLength")]
    [TestCase("Verification:MaxSendsPerHour", "-1", "Verification:MaxSendsPerHour")]
    [TestCase("Sms:Provider", "Pigeon", "Pigeon")]
    [TestCase("Sms:Routes:999", "Simulated", "no country code '999'")]
    [TestCase("Sms:Routes:7", "Simulated,Pigeon", "there are Simulated, ")]
    [TestCase("Sms:Simulated:Inbox", "true", "Inbox")]
    [TestCase("ConnectionStrings:Database", "nonsense", "ConnectionStrings:Database")]
    [TestCase("ConnectionStrings:Database", "Host=db;Prot=1", "ConnectionStrings:Database")]
    [TestCase("Tokens:Issuer", "here", "Tokens:Issuer")]
    [TestCase("Serilog:MinimumLevel:Default", "Chatty", "Serilog")]
    [TestCase("SecretKey", "change-me-change-me-change-me-change-me", "placeholder")]
    [TestCase("ForwardedHeaders:KnownProxies:0", "0.0.0.0/0", "trusts everybody")]
    [TestCase("ForwardedHeaders:KnownProxies:0", "::/0", "trusts everybody")]
    [TestCase("Cors:AllowedOrigins:0", "*", "Cors:AllowedOrigins")]
    [TestCase("ASPNETCORE_URLS", "http://127.0.0.1:notaport", "notaport")]
    public async Task A_setting_that_is_not_right_stops_the_start_with_one_line(string key, string? value, string named)
    {
        (string, string)[] settings = key is not "SecretKey" ? [GoodKey, (key, value!)] : value is null ? [] : [(key, value)];
        var (exitCode, lines) = await ServiceProcess.RunAsync("Production", [], settings);
        Assert.That(exitCode, Is.EqualTo(1), string.Join('\n', lines));
        Assert.That(lines, Has.Count.EqualTo(1), string.Join('\n', lines));
        Assert.That(lines.Single(), Does.Contain(named).And.StartsWith("The settings are not right: "));
        Assert.That(lines.Single(), Does.Not.Contain(" at PhoneAuth").And.Not.Contain("Exception"));
    }

    [Test]
    public async Task All_that_is_not_right_is_said_at_once()
    {
        var (exitCode, lines) = await ServiceProcess.RunAsync("Production", [], ("Verification:CodeLength", "3"), ("RateLimits:SendCodePerDay", "-1"));
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(lines.Single(), Does.Contain("SecretKey").And.Contain("Verification:CodeLength").And.Contain("RateLimits:SendCodePerDay"));
    }

    [TestCase("Development")]
    [TestCase("Production")]
    public async Task In_any_environment_a_bad_connection_string_is_one_line(string environment)
    {
        var (exitCode, lines) = await ServiceProcess.RunAsync(environment, [], GoodKey, ("ConnectionStrings:Database", "nonsense"));
        Assert.That((exitCode, lines.Count), Is.EqualTo((1, 1)), string.Join('\n', lines));
    }

    [Test]
    public async Task An_operators_command_says_it_the_same_way()
    {
        var (exitCode, lines) = await ServiceProcess.RunAsync("Production", ["users", "show", "+79001234567"], GoodKey, ("Verification:CodeLength", "3"));
        Assert.That((exitCode, lines.Count), Is.EqualTo((1, 1)), string.Join('\n', lines));
        Assert.That(lines.Single(), Does.Contain("Verification:CodeLength"));
    }

    [Test]
    public async Task A_port_that_is_taken_is_one_line_too()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var (exitCode, lines) = await ServiceProcess.RunAsync("Production", [], GoodKey, ("ASPNETCORE_URLS", "http://" + taken.LocalEndpoint));
        Assert.That(exitCode, Is.EqualTo(1), string.Join('\n', lines));
        Assert.That(lines.Where(line => !line.StartsWith('{')), Has.Exactly(1).Contains("in use"), string.Join('\n', lines));
    }
}
