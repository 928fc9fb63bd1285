-- Takes the letter that is due longest, for five minutes: whoever dies with it in hand gives it back by that.
UPDATE manent.mail SET attempts = attempts + 1, next_attempt_at = now() + interval '5 minutes'
WHERE mail_id = (SELECT mail_id FROM manent.mail
                 WHERE sent_at IS NULL AND failed_at IS NULL AND next_attempt_at <= now()
                 ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING mail_id, recipient, subject, body, calendar, attempts, extract(epoch FROM now() - created_at)::bigint
