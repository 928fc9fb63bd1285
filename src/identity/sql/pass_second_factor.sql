-- The session in which the authenticator was set up has shown its code.
UPDATE manent.session SET second_factor_at = now() WHERE token_hash = $1 AND revoked_at IS NULL
