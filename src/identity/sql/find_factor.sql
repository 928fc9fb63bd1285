-- The sealed second factor of a person.
SELECT totp_secret FROM manent.credential WHERE person_id = $1
