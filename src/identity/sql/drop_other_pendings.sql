-- With a new password, no code sent before it opens anything.
DELETE FROM manent.pending_sign_in WHERE person_id = $1 AND sign_in_id <> $2
