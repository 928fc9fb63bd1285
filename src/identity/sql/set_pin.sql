-- The PIN of a person ($2) on a device ($1). A device that was not theirs becomes so as from the session's ($3) begin,
-- for that was the full sign-in.
INSERT INTO manent.device_person (device_id, person_id, confirmed_at, pin_hash)
SELECT $1, $2, s.created_at, $4 FROM manent.session s WHERE s.session_id = $3
ON CONFLICT (device_id, person_id) DO UPDATE
SET pin_hash = excluded.pin_hash, pin_failures = 0,
    confirmed_at = greatest(device_person.confirmed_at, CASE WHEN device_person.pin_hash IS NULL
                                                             THEN excluded.confirmed_at END)
