-- What a request under this key was and what it was answered.
SELECT request_hash, answer::text FROM manent.idempotency_key WHERE person_id = $1 AND key = $2
