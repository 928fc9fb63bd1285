-- After the right PIN.
UPDATE manent.device_person SET pin_failures = 0 WHERE device_id = $1 AND person_id = $2
