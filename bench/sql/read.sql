-- A profile, read in one round trip.
\set i random(0, :users - 1)
SELECT phone_number, created_at, invite_code, activated_invite_code, activation_spent, invited_users_count FROM users
WHERE id = ('01900000-0000-7000-8000-' || lpad(to_hex(:i::bigint), 12, '0'))::uuid;
