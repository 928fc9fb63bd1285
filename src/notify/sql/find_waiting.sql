-- Whether any letter is due, without taking it.
SELECT 1 FROM manent.mail WHERE sent_at IS NULL AND failed_at IS NULL AND next_attempt_at <= now() LIMIT 1
