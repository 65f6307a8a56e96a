using System.Globalization;
using PhoneAuth.LoadGenerator.Flows;

namespace PhoneAuth.LoadGenerator.Machines;

/// <summary>
/// Fills a migrated database with users, each with a session, as COPY takes rows fastest: indexes are made when the rows are there. Ids are
/// computed from a user's number, so that pgbench can name any of them.
/// </summary>
internal static class Seed
{
    /// <summary>Seeds users <c>0 … count-1</c>; the newest of them were invited by user 0, whose code is the first.</summary>
    public static void Users(Postgres postgres, string database, long count, long invited)
    {
        const string Keys = "SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint "
            + "WHERE conrelid IN ('users'::regclass, 'sessions'::regclass) AND contype IN ('p', 'f') ORDER BY contype DESC";
        const string Indexes = "SELECT indexdef FROM pg_indexes WHERE tablename IN ('users', 'sessions') AND indexname NOT LIKE 'PK%'";
        var keys = postgres.Query(database, Keys).Split('\n');
        var indexes = postgres.Query(database, Indexes).Split('\n');
        postgres.Query(database, "ALTER TABLE sessions DROP CONSTRAINT \"FK_sessions_users_user_id\"; ALTER TABLE sessions DROP CONSTRAINT \"PK_sessions\"; ALTER TABLE users DROP CONSTRAINT \"PK_users\"; "
            + "DROP INDEX \"IX_sessions_user_id\", \"IX_users_invite_code\", \"IX_users_inviter_id_activated_at_id\", \"IX_users_phone_number\"");

        postgres.Copy(
            database,
            "COPY users (id, phone_number, created_at, invite_code, activated_invite_code, activated_at, inviter_id, activation_spent, invited_users_count, invite_misses) FROM STDIN",
            rows =>
            {
                for (var i = 0L; i < count; i++)
                {
                    var activated = i > 0 && i <= invited ? $"{InviteCode(0)}\t{Time(i)}\t{UserId(0)}" : "\\N\t\\N\t\\N";
                    rows.Write(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{UserId(i)}\t{Numbers.OfSeeded(i)}\t2026-01-01 00:00:00+00\t{InviteCode(i)}\t{activated}\tf\t{(i == 0 ? invited : 0)}\t\\\\x\n"));
                }
            });
        postgres.Copy(
            database,
            "COPY sessions (id, user_id, user_agent, ip_address, created_at, last_used_at, expires_at, token_hash) FROM STDIN",
            rows =>
            {
                for (var i = 0L; i < count; i++)
                {
                    rows.Write(string.Create(
                        CultureInfo.InvariantCulture,
                        $"01900000-0001-7000-8000-{i:x12}\t{UserId(i)}\tPhoneAuth-bench\t10.0.0.1\t2026-01-01 00:00:00+00\t2026-01-01 00:00:00+00\t2099-01-01 00:00:00+00\t\\\\x{i:x64}\n"));
                }
            });
        postgres.Query(database, "SET maintenance_work_mem = '1GB'; " + string.Join("; ", keys.Where(key => key.Contains("PRIMARY", StringComparison.Ordinal)).Concat(indexes).Concat(keys.Where(key => !key.Contains("PRIMARY", StringComparison.Ordinal)))));

        postgres.Query(database, "VACUUM (ANALYZE) users");
        postgres.Query(database, "VACUUM (ANALYZE) sessions");
        postgres.Query(database, "CHECKPOINT");
    }

    /// <summary>The rows of numbers that have proved themselves within a day: as many as have not been purged yet. They take the place of those that stand there.</summary>
    public static void Codes(Postgres postgres, string database, long count)
    {
        postgres.Query(database, "TRUNCATE verification_codes, sms_receipts");
        postgres.Copy(
            database,
            "COPY verification_codes (phone_number, issued_at, expires_at, guesses, sends, failures, consecutive_failures, locks, updated_at, delivery, gateway, message_id, tries) FROM STDIN",
            rows =>
            {
                for (var i = 0L; i < count; i++)
                {
                    rows.Write(string.Create(
                        CultureInfo.InvariantCulture,
                        $"+796{i * Numbers.Scatter % Numbers.MaxFresh:00000000}\t2026-01-01 00:00:00+00\t2026-01-01 00:05:00+00\t0\t\\\\x{i:x16}\t\\\\x\t0\t0\t2026-01-01 00:00:00+00\t1\tsimulated\t01900000-0002-7000-8000-{i:x12}\t1\n"));
                }
            });
        postgres.Query(database, "VACUUM (ANALYZE) verification_codes");
    }

    private static string UserId(long index) => string.Create(CultureInfo.InvariantCulture, $"01900000-0000-7000-8000-{index:x12}");

    private static string Time(long index) => new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(index).ToString("u", CultureInfo.InvariantCulture);

    /// <summary>Codes with two leading letters of their own, so that none is drawn for it; scattered over the index as drawn ones are.</summary>
    private static string InviteCode(long index)
    {
        const string Alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
        return string.Create(6, index * 706_803_399 % (1 << 30), (code, number) =>
        {
            for (var i = 0; i < code.Length; i++, number >>= 5)
            {
                code[i] = Alphabet[(int)(number & 31)];
            }
        });
    }
}
