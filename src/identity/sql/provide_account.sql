-- An account made by the installation: its address is taken as confirmed.
INSERT INTO manent.credential (person_id, email, password_hash, email_confirmed_at, totp_secret, totp_confirmed_at)
VALUES ($1::uuid, $2::text, $3::text, now(), $4::bytea, CASE WHEN $4::bytea IS NOT NULL THEN now() END)
