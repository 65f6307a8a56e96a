using System.Net;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Profiles;

[OnBothDatabases]
internal sealed class ProfileTests(DatabaseKind kind) : ApiTest(kind)
{
    [Test]
    public async Task A_profile_has_the_members_of_the_contract()
    {
        var person = await Api.SignInAsync();
        var profile = await person.ProfileAsync();
        Assert.That(profile.Status, Is.EqualTo(HttpStatusCode.OK), profile.Body);
        Assert.That(
            profile.Json.EnumerateObject().Select(member => member.Name),
            Is.EqualTo(new[]
            {
                "phoneNumber", "createdAt", "inviteCode", "activatedInviteCode", "canActivateInviteCode", "invitedUsersCount", "invitedUsers",
            }));
        Assert.That((await person.Client.ReadAsync(HttpMethod.Get, "/profile")).Body, Is.EqualTo(profile.Body));
        Assert.That(person.SignIn.GetProperty("profile").GetRawText(), Is.EqualTo(profile.Body));
    }

    [Test]
    public async Task Every_way_to_write_the_number_in_a_path_names_the_same_user()
    {
        var person = await Api.SignInAsync();
        var digits = person.PhoneNumber[1..];
        foreach (var path in new[] { "/profile/+" + digits, "/profile/%2B" + digits, "/profile/%2b" + digits, "/profile/" + digits, "/PROFILE/" + digits, "/profile/" + digits + "/" })
        {
            Assert.That((await person.Client.ReadAsync(HttpMethod.Get, path)).Status, Is.EqualTo(HttpStatusCode.OK), path);
        }
    }

    [TestCase("/profile/hello")]
    [TestCase("/profile/9001234567")]
    [TestCase("/profile/8%20(900)%20123-45-67")]
    [TestCase("/profile/%252B79001234567")]
    public async Task What_is_not_a_full_number_in_a_path_is_refused(string path)
    {
        var person = await Api.SignInAsync();
        var answer = await person.Client.ReadAsync(HttpMethod.Get, path);
        Assert.That((answer.Status, answer.Code), Is.EqualTo((HttpStatusCode.BadRequest, "validation_failed")));
    }

    [Test]
    public async Task Anybody_elses_profile_is_refused_whether_or_not_it_exists()
    {
        var (person, other) = (await Api.SignInAsync(), await Api.SignInAsync());
        foreach (var number in new[] { other.PhoneNumber, Calls.NewNumber() })
        {
            var answer = await person.Client.ReadAsync(HttpMethod.Get, "/profile/" + number);
            Assert.That((answer.Status, answer.Code), Is.EqualTo((HttpStatusCode.Forbidden, "not_your_profile")));
        }
    }

    [Test]
    public async Task Nobody_sees_no_profile()
    {
        foreach (var path in new[] { "/profile", "/profile/+79001234567", "/profile/hello", "/profile/+79001234567/invited-users?limit=0" })
        {
            var answer = await Client.ReadAsync(HttpMethod.Get, path);
            Assert.That((answer.Status, answer.Code), Is.EqualTo((HttpStatusCode.Unauthorized, "unauthenticated")), path);
            Assert.That(answer.Headers.WwwAuthenticate.ToString(), Is.EqualTo("Bearer"));
        }
    }

    [Test]
    public async Task A_replaced_invite_code_stops_being_valid_and_past_activations_stay()
    {
        var (owner, early, late) = (await Api.SignInAsync(), await Api.SignInAsync(), await Api.SignInAsync());
        await early.ActivateAsync(owner.InviteCode);
        var replaced = await owner.Client.PostAsync(owner.ProfilePath + "/invite-code");
        Assert.That(replaced.Json.Text("inviteCode"), Is.Not.EqualTo(owner.InviteCode));
        Assert.That(replaced.Json.GetProperty("invitedUsersCount").GetInt32(), Is.EqualTo(1));
        Assert.That((await late.ActivateAsync(owner.InviteCode)).Code, Is.EqualTo("invite_code_not_found"));
        Assert.That((await late.ActivateAsync(replaced.Json.Text("inviteCode"))).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await early.ProfileAsync()).Json.Text("activatedInviteCode"), Is.EqualTo(owner.InviteCode));
    }

    [Test]
    public async Task Invited_users_come_page_by_page_newest_first()
    {
        var owner = await Api.SignInAsync();
        var invited = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            // Three at the same moment: the page has to break ties.
            Api.Clock.Advance(TimeSpan.FromSeconds(i % 3 == 0 ? 1 : 0));
            var person = await Api.SignInAsync();
            await person.ActivateAsync(owner.InviteCode);
            invited.Add(person.PhoneNumber);
        }

        var seen = new List<(string PhoneNumber, string ActivatedAt)>();
        for (string? after = ""; after is not null;)
        {
            var page = await owner.Client.ReadAsync(HttpMethod.Get, $"{owner.ProfilePath}/invited-users?limit=2" + (after.Length > 0 ? "&after=" + after : ""));
            seen.AddRange(page.Json.GetProperty("items").EnumerateArray().Select(item => (item.Text("phoneNumber"), item.Text("activatedAt"))));
            after = page.Json.GetProperty("next").GetString();
        }

        Assert.That(seen.Select(item => item.PhoneNumber), Is.EquivalentTo(invited));
        Assert.That(seen.Select(item => item.ActivatedAt), Is.Ordered.Descending);
        Assert.That((await owner.ProfileAsync()).Json.GetProperty("invitedUsers").EnumerateArray().Select(item => item.Text("phoneNumber")), Is.EqualTo(seen.Select(item => item.PhoneNumber)));
    }

    [TestCase("limit=0")]
    [TestCase("limit=501")]
    [TestCase("limit=ten")]
    [TestCase("limit=-1")]
    [TestCase("limit=")]
    [TestCase("after=nonsense")]
    [TestCase("after=")]
    [TestCase("after=CN8kLWpHQABvWqrBqnQcB5g5sxoQKx!d")]
    public async Task A_limit_or_cursor_out_of_range_is_refused(string query)
    {
        var person = await Api.SignInAsync();
        var answer = await person.Client.ReadAsync(HttpMethod.Get, $"{person.ProfilePath}/invited-users?{query}");
        Assert.That((answer.Status, answer.Code), Is.EqualTo((HttpStatusCode.BadRequest, "validation_failed")));
        Assert.That(answer.Json.GetProperty("errors").TryGetProperty(query.Split('=')[0], out _), Is.True);
    }

    [Test]
    public async Task A_profile_holds_the_newest_hundred_and_counts_all()
    {
        var owner = await Api.SignInAsync();
        var people = await Task.WhenAll(Enumerable.Range(0, 102).Select(_ => Api.SignInAsync()));
        var answers = await Task.WhenAll(people.Select(person => person.ActivateAsync(owner.InviteCode)));
        Assert.That(answers.Select(answer => answer.Status), Is.All.EqualTo(HttpStatusCode.OK));
        var profile = (await owner.ProfileAsync()).Json;
        Assert.That(profile.GetProperty("invitedUsers").GetArrayLength(), Is.EqualTo(100));
        Assert.That(profile.GetProperty("invitedUsersCount").GetInt32(), Is.EqualTo(102));
    }
}
