-- A refresh is an update of a session by its key.
\set i random(0, :users - 1)
UPDATE sessions SET previous_token_hash = token_hash, token_hash = sha256(int8send(:i::bigint)), last_used_at = now(), expires_at = now() + interval '30 days'
WHERE id = ('01900000-0001-7000-8000-' || lpad(to_hex(:i::bigint), 12, '0'))::uuid;
