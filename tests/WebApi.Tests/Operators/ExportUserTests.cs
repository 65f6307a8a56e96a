using System.Text.Json;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhoneAuth.Application.Operators;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.VerificationCodes;
using PhoneAuth.Infrastructure.Persistence;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Commands;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Operators;

[OnBothDatabases]
internal sealed class ExportUserTests(DatabaseKind kind) : ApiTest(kind)
{
    [Test]
    public async Task All_that_is_stored_of_a_number_is_written_and_no_secret()
    {
        var person = await Api.SignInAsync(deviceName: "Телефон");
        var friends = new List<Person>();
        for (var i = 0; i < 3; i++)
        {
            friends.Add(await Api.SignInAsync());
            Api.Clock.Advance(TimeSpan.FromSeconds(1));
            await friends[^1].ActivateAsync(person.InviteCode);
        }

        await person.ActivateAsync(friends[0].InviteCode);
        Api.Clock.Advance(TimeSpan.FromMinutes(2));
        var code = await Api.RequestCodeAsync(person.PhoneNumber);
        await Client.VerifyCodeAsync(person.PhoneNumber, Calls.Wrong(code));

        var (text, json) = await ExportAsync(person.PhoneNumber);
        Assert.Multiple(() =>
        {
            var user = json.GetProperty("user");
            Assert.That(json.Text("phoneNumber"), Is.EqualTo(person.PhoneNumber));
            Assert.That(user.Text("inviteCode"), Is.EqualTo(person.InviteCode));
            Assert.That(user.Text("activatedInviteCode"), Is.EqualTo(friends[0].InviteCode));
            Assert.That(
                user.GetProperty("invitedUsers").EnumerateArray().Select(invited => invited.Text("phoneNumber")),
                Is.EqualTo(friends.Select(friend => friend.PhoneNumber).Reverse()));
            Assert.That(json.GetProperty("sessions").EnumerateArray().Select(session => session.Text("deviceName")), Is.EqualTo(new[] { "Телефон" }));
            Assert.That(json.GetProperty("verification").GetProperty("codesInTheLastDay").GetInt32(), Is.EqualTo(2));
            Assert.That(json.GetProperty("verification").GetProperty("wrongCodesSinceSuccess").GetInt32(), Is.EqualTo(1));
            Assert.That(text, Does.Contain("Телефон").And.Contain(person.PhoneNumber), "people can read it");
            Assert.That(text, Does.Not.Contain(person.RefreshToken).And.Not.Contain(person.AccessToken).And.Not.Contain($"\"{code}\"").And.Not.Contain("ash\": \""));
        });
    }

    [Test]
    public async Task After_the_account_is_deleted_only_counters_and_a_hash_are_left()
    {
        var person = await Api.SignInAsync();
        await person.ActivateAsync((await Api.SignInAsync()).InviteCode);
        await person.Client.ReadAsync(HttpMethod.Delete, person.ProfilePath);
        var (_, json) = await ExportAsync(person.PhoneNumber);
        Assert.That(json.GetProperty("user").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(json.GetProperty("sessions").GetArrayLength(), Is.Zero);
        Assert.That(json.GetProperty("hasActivatedBefore").GetBoolean(), Is.True);
    }

    [Test]
    public async Task Texts_that_a_gateway_took_are_told_with_what_it_reported_even_when_nothing_else_is_kept()
    {
        var person = await Api.SignInAsync();
        await using var scope = Api.Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<PhoneAuthContext>();
        context.SmsReceipts.Add(Receipt("Twilio:SM:1", person.PhoneNumber, Delivery.Sent, Api.Clock.Now));
        context.SmsReceipts.Add(Receipt("Webhook:2", person.PhoneNumber, Delivery.Delivered, Api.Clock.Now.AddSeconds(1)));
        context.SmsReceipts.Add(Receipt("Webhook:3", Calls.NewNumber(), Delivery.Delivered, Api.Clock.Now));
        await context.SaveChangesAsync();

        await context.VerificationCodes.ExecuteDeleteAsync();
        await context.Users.ExecuteDeleteAsync();
        var (_, json) = await ExportAsync(person.PhoneNumber);
        Assert.That(
            json.GetProperty("texts").EnumerateArray().Select(text => $"{text.Text("gateway")} {text.Text("gatewayMessageId")} {text.Text("delivery")}"),
            Is.EqualTo(new[] { "Webhook 2 delivered", "Twilio SM:1 sent" }));
    }

    [Test]
    public async Task A_number_that_nobody_has_is_refused_with_one_line()
    {
        await using var scope = Api.Services.CreateAsyncScope();
        var result = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new ExportUserQuery(Calls.NewNumber()));
        Assert.That(result.Error?.Message, Is.EqualTo("No user has this number."));
    }

    private static SmsReceiptRow Receipt(string id, string number, Delivery delivery, DateTimeOffset at) =>
        new() { Id = id, MessageId = Guid.CreateVersion7(at), PhoneNumber = PhoneNumber.Parse(number, "7").Value, Delivery = delivery, CreatedAt = at };

    private async Task<(string Text, JsonElement Json)> ExportAsync(string number)
    {
        await using var scope = Api.Services.CreateAsyncScope();
        var result = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new ExportUserQuery(number));
        var text = OperatorCommands.Written(result.Value!);
        return (text, JsonDocument.Parse(text).RootElement);
    }
}
