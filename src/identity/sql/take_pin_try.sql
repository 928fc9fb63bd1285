-- Takes one of the tries before the PIN is compared. No row: no PIN, or its tries are used up.
UPDATE manent.device_person SET pin_failures = pin_failures + 1
WHERE device_id = $1 AND person_id = $2 AND pin_hash IS NOT NULL AND pin_failures < $3
RETURNING pin_hash, pin_failures
