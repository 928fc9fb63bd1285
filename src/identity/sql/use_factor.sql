-- The second factor whose first code ($3: its step) was right.
UPDATE manent.credential SET totp_secret = $2, totp_confirmed_at = now(), totp_last_step = $3 WHERE person_id = $1
