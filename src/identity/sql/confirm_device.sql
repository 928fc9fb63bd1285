-- A full sign-in on a device: the person is known there from now on, and the PIN is good again.
INSERT INTO manent.device_person (device_id, person_id) VALUES ($1, $2)
ON CONFLICT (device_id, person_id) DO UPDATE SET confirmed_at = now(), pin_failures = 0
