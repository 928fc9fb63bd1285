-- Takes an idempotency key with the answer it stands for; refuses with key_known.
SELECT manent.claim_key($1, $2, $3, $4)
