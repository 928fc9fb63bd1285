-- Whether this booking's key is known already (the request's hash and what it answered), and whom it is for.
SELECT request_hash, appointment_id, given_name, family_name FROM manent.own_ground($1, $2)
