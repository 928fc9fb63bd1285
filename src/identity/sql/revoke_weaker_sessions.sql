-- Sessions of before the second factor end with its coming.
UPDATE manent.session SET revoked_at = now()
WHERE person_id = $1 AND revoked_at IS NULL AND second_factor_at IS NULL
