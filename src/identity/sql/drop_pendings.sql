-- Codes sent before no longer open anything for this person.
DELETE FROM manent.pending_sign_in WHERE person_id = $1
