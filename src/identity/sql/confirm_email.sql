-- Whoever read the mailed code owns the mailbox: the address is confirmed, and invitations sent to it take effect.
WITH confirmed AS (
    UPDATE manent.credential SET email_confirmed_at = now() WHERE person_id = $1 AND email_confirmed_at IS NULL
)
UPDATE manent.membership SET state = 'active' WHERE person_id = $1 AND state = 'invited'
