-- A new password makes every device unknown again, PINs included.
UPDATE manent.device_person SET confirmed_at = 'epoch', pin_hash = NULL WHERE person_id = $1
