-- Their account: whoever runs the installation vouches for the address.
INSERT INTO manent.credential (person_id, email, password_hash, email_confirmed_at)
VALUES ($1::uuid, $2::text, $3::text, now())
