-- The least a sign-in of a fresh number asks of the database, in the fewest round trips: record the code; consume it and write user,
-- invite code and session in one transaction of one statement; read the profile.
\set n random(0, 99999999)
\set c random(-2147483648, 2147483647)
INSERT INTO verification_codes (phone_number, code_hash, issued_at, expires_at, guesses, sends, failures, consecutive_failures, locks, updated_at)
VALUES ('+796' || lpad(:n::bigint::text, 8, '0'), sha256(int8send(:n::bigint)), now(), now() + interval '5 minutes', 0, int8send(:n::bigint), '', 0, 0, now())
ON CONFLICT (phone_number) DO UPDATE SET code_hash = excluded.code_hash, issued_at = now(), expires_at = excluded.expires_at, guesses = 0, sends = excluded.sends, updated_at = now();
WITH proved AS (
  UPDATE verification_codes SET code_hash = NULL, failures = '', consecutive_failures = 0, updated_at = now()
  WHERE phone_number = '+796' || lpad(:n::bigint::text, 8, '0') AND code_hash = sha256(int8send(:n::bigint)) AND expires_at > now()
  RETURNING phone_number
), registered AS (
  INSERT INTO users (id, phone_number, created_at, invite_code, activation_spent, invited_users_count, invite_misses)
  SELECT gen_random_uuid(), phone_number, now(), left(encode(int4send(:c::int), 'base64'), 6), false, 0, '' FROM proved
  ON CONFLICT DO NOTHING RETURNING id
)
INSERT INTO sessions (id, user_id, user_agent, ip_address, created_at, last_used_at, expires_at, token_hash)
SELECT gen_random_uuid(), id, 'PhoneAuth-bench', '10.0.0.1', now(), now(), now() + interval '30 days', sha256(int4send(:c::int)) FROM registered;
SELECT phone_number, created_at, invite_code, activated_invite_code, activation_spent, invited_users_count FROM users
WHERE phone_number = '+796' || lpad(:n::bigint::text, 8, '0');
