using System.Net;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Profiles;

[OnBothDatabases]
internal sealed class ActivateInviteCodeTests(DatabaseKind kind) : ApiTest(kind)
{
    [Test]
    public async Task Who_activates_a_code_is_seen_by_its_owner()
    {
        var (owner, person) = (await Api.SignInAsync(), await Api.SignInAsync());
        var profile = await person.ActivateAsync(owner.InviteCode);
        Assert.That(profile.Status, Is.EqualTo(HttpStatusCode.OK), profile.Body);
        Assert.That(profile.Json.Text("activatedInviteCode"), Is.EqualTo(owner.InviteCode));
        Assert.That(profile.Json.GetProperty("canActivateInviteCode").GetBoolean(), Is.False);
        var seen = (await owner.ProfileAsync()).Json;
        Assert.That(seen.GetProperty("invitedUsersCount").GetInt32(), Is.EqualTo(1));
        Assert.That(seen.GetProperty("invitedUsers")[0].Text("phoneNumber"), Is.EqualTo(person.PhoneNumber));
    }

    [Test]
    public async Task Codes_are_matched_without_regard_to_case_spaces_and_dashes()
    {
        var (owner, person) = (await Api.SignInAsync(), await Api.SignInAsync());
        var typed = string.Join(" - ", owner.InviteCode.ToLowerInvariant().Chunk(2).Select(pair => new string(pair)));
        Assert.That((await person.ActivateAsync(typed)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Once_ever_comes_before_every_other_refusal()
    {
        var (owner, person) = (await Api.SignInAsync(), await Api.SignInAsync());
        await person.ActivateAsync(owner.InviteCode);
        foreach (var code in new[] { owner.InviteCode, person.InviteCode, "ZZZZZZ" })
        {
            var again = await person.ActivateAsync(code);
            Assert.That((again.Status, again.Code), Is.EqualTo((HttpStatusCode.Conflict, "invite_code_already_activated")));
        }
    }

    [Test]
    public async Task Ones_own_code_is_refused()
    {
        var person = await Api.SignInAsync();
        var own = await person.ActivateAsync(person.InviteCode);
        Assert.That((own.Status, own.Code), Is.EqualTo((HttpStatusCode.UnprocessableEntity, "invite_code_own")));
    }

    [Test]
    public async Task Ten_codes_that_do_not_exist_are_enough_for_a_day()
    {
        var (owner, person) = (await Api.SignInAsync(), await Api.SignInAsync());
        for (var miss = 0; miss < 10; miss++)
        {
            Assert.That((await person.ActivateAsync("ZZZZZZ")).Code, Is.EqualTo("invite_code_not_found"));
        }

        var tooMany = await person.ActivateAsync(owner.InviteCode);
        Assert.That((tooMany.Status, tooMany.Code), Is.EqualTo((HttpStatusCode.TooManyRequests, "too_many_invite_attempts")));
        Assert.That(tooMany.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromDays(1)));
    }

    [TestCase("K7M2Q")]
    [TestCase("K7M2QXX")]
    [TestCase("K7M2QI")]
    [TestCase("К7М2QХ")]
    [TestCase("")]
    public async Task What_is_not_six_characters_of_the_alphabet_is_refused_and_not_counted(string text)
    {
        var person = await Api.SignInAsync();
        for (var time = 0; time < 11; time++)
        {
            var answer = await person.ActivateAsync(text);
            Assert.That((answer.Status, answer.Code), Is.EqualTo((HttpStatusCode.BadRequest, "validation_failed")));
        }
    }

    [Test]
    public async Task Anybody_elses_number_is_refused_before_the_code_is_looked_at()
    {
        var (person, other) = (await Api.SignInAsync(), await Api.SignInAsync());
        Assert.That((await person.Client.PostAsync(other.ProfilePath, new { inviteCode = "" })).Code, Is.EqualTo("not_your_profile"));
    }

    [Test]
    public async Task Two_users_may_activate_each_others_codes_at_once()
    {
        for (var round = 0; round < 5; round++)
        {
            var (one, other) = (await Api.SignInAsync(), await Api.SignInAsync());
            var answers = await Task.WhenAll(one.ActivateAsync(other.InviteCode), other.ActivateAsync(one.InviteCode));
            Assert.That(answers.Select(answer => answer.Status), Is.All.EqualTo(HttpStatusCode.OK));
        }
    }

    [Test]
    public async Task Of_fifty_activations_at_once_by_one_user_one_counts()
    {
        var person = await Api.SignInAsync();
        var owners = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Api.SignInAsync()));
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => person.ActivateAsync(owners[i % 5].InviteCode)));
        Assert.That(answers.Count(answer => answer.Status == HttpStatusCode.OK), Is.EqualTo(1));
        Assert.That(answers.Count(answer => string.Equals(answer.Code, "invite_code_already_activated", StringComparison.Ordinal)), Is.EqualTo(49));
        var counts = await Task.WhenAll(owners.Select(async owner => (await owner.ProfileAsync()).Json.GetProperty("invitedUsersCount").GetInt32()));
        Assert.That(counts.Sum(), Is.EqualTo(1));
    }

    [Test]
    public async Task Two_hundred_users_who_activate_one_code_at_once_are_all_counted()
    {
        var owner = await Api.SignInAsync();
        var people = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Api.SignInAsync()));
        await Task.WhenAll(people.Select(person => person.ActivateAsync(owner.InviteCode)));
        Assert.That((await owner.ProfileAsync()).Json.GetProperty("invitedUsersCount").GetInt32(), Is.EqualTo(200));
    }
}
