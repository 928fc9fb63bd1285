-- A sign-in, account or password that waits for its code. $2 is NULL for an address that has no account.
INSERT INTO manent.pending_sign_in (sign_in_id, person_id, purpose, channel, code_hash, expires_at)
VALUES ($1, $2, $3, $4, $5, now() + $6::int * interval '1 minute')
