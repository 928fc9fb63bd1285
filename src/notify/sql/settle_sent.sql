-- A letter that the server took. Its words are kept only in a demonstration ($2).
UPDATE manent.mail SET sent_at = now(), subject = CASE WHEN $2::boolean THEN subject ELSE '' END,
    body = CASE WHEN $2::boolean THEN body ELSE '' END, calendar = CASE WHEN $2::boolean THEN calendar END
WHERE mail_id = $1
