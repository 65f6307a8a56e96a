using System.Net;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Profiles;

[OnBothDatabases]
internal sealed class DeleteAccountTests(DatabaseKind kind) : ApiTest(kind)
{
    // Long enough that nobody's token dies while somebody waits for another code.
    protected override (string Key, string Value)[] Settings => [("Tokens:AccessTokenLifetime", "01:00:00")];

    [Test]
    public async Task Everything_of_the_user_is_gone_and_what_others_see_of_them_too()
    {
        var (owner, person, staying) = (await Api.SignInAsync(), await Api.SignInAsync(), await Api.SignInAsync());
        await person.ActivateAsync(owner.InviteCode);
        await staying.ActivateAsync(owner.InviteCode);
        await DeleteAsync(person);

        Assert.That(await InvitedAsync(owner), Is.EqualTo(new[] { staying.PhoneNumber }));
        await using var database = Api.Database.Open();
        Assert.That(database.Users.Count(user => user.Id == person.UserId), Is.Zero);
        Assert.That(database.Sessions.Count(session => session.UserId == person.UserId), Is.Zero);
        Assert.That(database.Users.Count(user => user.InviterId == person.UserId), Is.Zero);
        Assert.That((await Client.PostAsync("/refresh-token", new { refreshToken = person.RefreshToken })).Code, Is.EqualTo("refresh_token_invalid"));
    }

    [Test]
    public async Task The_invite_code_of_somebody_who_left_is_not_valid_and_past_activations_stay()
    {
        var (owner, early, late) = (await Api.SignInAsync(), await Api.SignInAsync(), await Api.SignInAsync());
        await early.ActivateAsync(owner.InviteCode);
        await DeleteAsync(owner);
        Assert.That((await late.ActivateAsync(owner.InviteCode)).Code, Is.EqualTo("invite_code_not_found"));
        var profile = (await early.ProfileAsync()).Json;
        Assert.That((profile.Text("activatedInviteCode"), profile.GetProperty("canActivateInviteCode").GetBoolean()), Is.EqualTo((owner.InviteCode, false)));

        // Who invited them is gone; that they go too is nobody's loss.
        await DeleteAsync(early);
    }

    [Test]
    public async Task Whoever_activated_a_code_before_may_not_again_after_coming_back()
    {
        var (owner, person) = (await Api.SignInAsync(), await Api.SignInAsync());
        await person.ActivateAsync(owner.InviteCode);
        for (var time = 0; time < 3; time++)
        {
            await DeleteAsync(person);
            person = await ReturnAsync(person);
            Assert.That(person.SignIn.GetProperty("isNewUser").GetBoolean(), Is.True);
            var profile = person.SignIn.GetProperty("profile");
            Assert.That(profile.GetProperty("canActivateInviteCode").GetBoolean(), Is.False);
            Assert.That(profile.GetProperty("activatedInviteCode").ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Null));
            Assert.That((await person.ActivateAsync(owner.InviteCode)).Code, Is.EqualTo("invite_code_already_activated"));
            Assert.That(await InvitedAsync(owner), Is.Empty);
        }
    }

    [Test]
    public async Task What_remembers_it_names_nobody()
    {
        var (owner, person) = (await Api.SignInAsync(), await Api.SignInAsync());
        await person.ActivateAsync(owner.InviteCode);
        await DeleteAsync(person);
        await using var database = Api.Database.Open();
        var digits = System.Text.Encoding.ASCII.GetBytes(person.PhoneNumber);
        var hashes = database.SpentActivations.AsEnumerable().Select(spent => spent.PhoneHash).ToList();
        Assert.That(hashes, Is.Not.Empty.And.All.Length.EqualTo(32));
        Assert.That(hashes, Has.None.EqualTo(System.Security.Cryptography.SHA256.HashData(digits)));
    }

    [Test]
    public async Task Whoever_activated_none_may_still_after_coming_back()
    {
        var (owner, person) = (await Api.SignInAsync(), await Api.SignInAsync());
        await DeleteAsync(person);
        person = await ReturnAsync(person);
        Assert.That((await person.ActivateAsync(owner.InviteCode)).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await InvitedAsync(owner), Is.EqualTo(new[] { person.PhoneNumber }));
    }

    [Test]
    public async Task The_live_code_goes_with_the_account_and_the_counters_stay()
    {
        var person = await Api.SignInAsync();
        Api.Clock.Advance(TimeSpan.FromMinutes(1));
        var code = await Api.RequestCodeAsync(person.PhoneNumber);
        Assert.That((await Client.VerifyCodeAsync(person.PhoneNumber, Calls.Wrong(code))).Code, Is.EqualTo("code_invalid"));
        await DeleteAsync(person);
        Assert.That((await Client.VerifyCodeAsync(person.PhoneNumber, code)).Code, Is.EqualTo("code_expired"));
        Assert.That((await Client.SendCodeAsync(person.PhoneNumber)).Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromMinutes(2)));
        await using var database = Api.Database.Open();
        var row = database.VerificationCodes.AsEnumerable().Single(row => row.PhoneNumber.E164 == person.PhoneNumber);
        Assert.That((row.CodeHash, row.ConsecutiveFailures, row.Sends.Count), Is.EqualTo(((byte[]?)null, 1, 2)));
    }

    [Test]
    public async Task An_old_access_token_is_dead_after_coming_back()
    {
        var person = await Api.SignInAsync();
        await DeleteAsync(person);
        Assert.That((await person.ProfileAsync()).Code, Is.EqualTo("unauthenticated"));
        var back = await ReturnAsync(person);
        Assert.That(back.UserId, Is.Not.EqualTo(person.UserId));
        foreach (var (method, path) in Calls.Protected(person.PhoneNumber, person.SessionId))
        {
            Assert.That((await person.Client.ReadAsync(method, path)).Code, Is.EqualTo("unauthenticated"), path);
        }

        Assert.That((await back.ProfileAsync()).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Deletion_among_sign_ins_leaves_one_whole_user_or_none()
    {
        for (var round = 0; round < 10; round++)
        {
            var (owner, person) = (await Api.SignInAsync(), await Api.SignInAsync());
            await person.ActivateAsync(owner.InviteCode);
            Api.Clock.Advance(TimeSpan.FromMinutes(15));
            var code = await Api.RequestCodeAsync(person.PhoneNumber);
            var verifying = Client.VerifyCodeAsync(person.PhoneNumber, code);
            var deleting = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => person.Client.ReadAsync(HttpMethod.Delete, person.ProfilePath)));
            var (verified, deleted) = (await verifying, await deleting);
            Assert.That(deleted.Select(answer => answer.Status), Is.All.EqualTo(HttpStatusCode.NoContent).Or.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(deleted.Count(answer => answer.Status == HttpStatusCode.NoContent), Is.EqualTo(1));
            Assert.That(verified.Code, Is.Null.Or.EqualTo("code_expired"), verified.Body);
            Assert.That(await InvitedAsync(owner), Is.Empty);

            // Whoever signed in before the deletion went with it; whoever did after it is a new user who has spent their activation.
            var profile = verified.Status == HttpStatusCode.OK
                ? await Api.ClientWith(verified.Json.Text("accessToken")).ReadAsync(HttpMethod.Get, "/profile")
                : null;
            Assert.That(profile is null || profile.Status == HttpStatusCode.Unauthorized || !profile.Json.GetProperty("canActivateInviteCode").GetBoolean(), Is.True);
        }
    }

    [Test]
    public async Task Nobody_deletes_anybody_else()
    {
        var (person, other) = (await Api.SignInAsync(), await Api.SignInAsync());
        Assert.That((await person.Client.ReadAsync(HttpMethod.Delete, other.ProfilePath)).Code, Is.EqualTo("not_your_profile"));
        Assert.That((await other.ProfileAsync()).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    private static async Task DeleteAsync(Person person)
    {
        var deleted = await person.Client.ReadAsync(HttpMethod.Delete, person.ProfilePath);
        Assert.That((deleted.Status, deleted.Body), Is.EqualTo((HttpStatusCode.NoContent, "")));
    }

    private async Task<Person> ReturnAsync(Person person)
    {
        Api.Clock.Advance(TimeSpan.FromMinutes(15));
        return await Api.SignInAsync(person.PhoneNumber);
    }

    /// <summary>Whom somebody invited, by the list; the count has to agree.</summary>
    private static async Task<string[]> InvitedAsync(Person owner)
    {
        var profile = (await owner.ProfileAsync()).Json;
        var invited = profile.GetProperty("invitedUsers").EnumerateArray().Select(user => user.Text("phoneNumber")).ToArray();
        Assert.That(profile.GetProperty("invitedUsersCount").GetInt32(), Is.EqualTo(invited.Length));
        var page = (await owner.Client.ReadAsync(HttpMethod.Get, owner.ProfilePath + "/invited-users")).Json;
        Assert.That(page.GetProperty("items").EnumerateArray().Select(user => user.Text("phoneNumber")), Is.EqualTo(invited));
        return invited;
    }
}
