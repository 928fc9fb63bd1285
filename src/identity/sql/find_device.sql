-- The device behind a token.
SELECT device_id FROM manent.device WHERE token_hash = $1
