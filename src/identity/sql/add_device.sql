-- A browser that will be known from now on.
INSERT INTO manent.device (device_id, token_hash) VALUES ($1, $2)
