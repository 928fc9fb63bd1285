-- A letter that will not be tried again.
UPDATE manent.mail SET failed_at = now(), subject = CASE WHEN $2::boolean THEN subject ELSE '' END,
    body = CASE WHEN $2::boolean THEN body ELSE '' END, calendar = CASE WHEN $2::boolean THEN calendar END
WHERE mail_id = $1
