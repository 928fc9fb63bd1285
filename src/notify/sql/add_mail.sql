-- A letter, in the transaction of what it tells of; sent again with a repeated unit, it is the same letter.
INSERT INTO manent.mail (mail_id, recipient, subject, body, calendar) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING
