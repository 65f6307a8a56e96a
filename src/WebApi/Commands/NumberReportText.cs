using System.Globalization;
using System.Text;
using PhoneAuth.Application.Operators;

namespace PhoneAuth.WebApi.Commands;

/// <summary>What an operator reads of a number.</summary>
internal static class NumberReportText
{
    public static string Of(NumberReport report)
    {
        var text = new StringBuilder();
        if (report.User is { } user)
        {
            Line(text, "user", user.Id);
            Line(text, "number", user.PhoneNumber.E164);
            Line(text, "created", user.CreatedAt.ToString("u", CultureInfo.InvariantCulture));
            Line(text, "blocked", user.BlockedAt?.ToString("u", CultureInfo.InvariantCulture) ?? "no");
            Line(text, "invite code", user.InviteCode);
            Line(text, "activated", user.ActivatedInviteCode?.Value ?? (user.ActivationSpent ? "in an earlier account" : "no"));
            Line(text, "invited", user.InvitedUsersCount);
        }
        else
        {
            Line(text, "user", "none");
        }

        Line(text, "codes sent", string.Create(CultureInfo.InvariantCulture, $"{report.Sends} in the last day"));
        Line(text, "wrong codes", string.Create(CultureInfo.InvariantCulture, $"{report.ConsecutiveFailures} since the last success"));
        Line(text, "locked", report.Disabled ? "until an operator unlocks it" : report.LockedUntil?.ToString("u", CultureInfo.InvariantCulture) ?? "no");
        foreach (var session in report.Sessions)
        {
            Line(text, "session", string.Create(
                CultureInfo.InvariantCulture,
                $"{session.Id} {session.DeviceName ?? session.UserAgent ?? "-"} {session.IpAddress ?? "-"} last used {session.LastUsedAt:u}"));
        }

        return text.ToString().TrimEnd();
    }

    private static void Line(StringBuilder text, string name, object value) => text.Append(CultureInfo.InvariantCulture, $"{name,-12} {value}").AppendLine();
}
