-- The demonstration's mailbox: everyone's newest letters.
SELECT mail_id, recipient, subject, body, coalesce(sent_at, created_at), calendar
FROM manent.mail ORDER BY created_at DESC, mail_id DESC LIMIT 100
