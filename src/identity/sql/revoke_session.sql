-- Signs out, or makes way for the session that replaces this one in the browser.
UPDATE manent.session SET revoked_at = now() WHERE token_hash = $1 AND revoked_at IS NULL
