-- The hash is argon2id's own string.
UPDATE manent.credential SET password_hash = $2 WHERE person_id = $1
