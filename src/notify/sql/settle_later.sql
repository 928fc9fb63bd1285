-- A letter to be tried again after $2 seconds.
UPDATE manent.mail SET next_attempt_at = now() + $2::int * interval '1 second' WHERE mail_id = $1
