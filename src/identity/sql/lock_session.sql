-- From here on the session sees nothing until its person's PIN.
UPDATE manent.session SET locked_at = now() WHERE token_hash = $1 AND revoked_at IS NULL AND locked_at IS NULL
