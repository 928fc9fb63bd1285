-- Whether this write happened already: the request's hash and the answer given then, of the account asking.
SELECT request_hash, answer->>'appointment_id', answer->>'absence_id' FROM manent.idempotency_key
WHERE person_id = (SELECT manent.current_person()) AND key = $1
