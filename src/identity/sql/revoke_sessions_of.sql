-- A new password ends every session of its person.
UPDATE manent.session SET revoked_at = now() WHERE person_id = $1 AND revoked_at IS NULL
