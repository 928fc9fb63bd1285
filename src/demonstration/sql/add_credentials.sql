-- Their sign-ins; a sealed second factor is in use from the start.
INSERT INTO manent.credential (person_id, email, password_hash, email_confirmed_at, totp_secret, totp_confirmed_at)
SELECT c.id, c.email, c.hash, now(), nullif(c.factor, ''::bytea), CASE WHEN c.factor <> ''::bytea THEN now() END
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[]) AS c(id, email, hash, factor)
