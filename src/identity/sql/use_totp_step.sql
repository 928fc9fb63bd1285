-- Each step of the authenticator is good once (RFC 6238, 5.2).
WITH used AS (
    UPDATE manent.credential SET totp_last_step = $2 WHERE person_id = $1 AND totp_last_step < $2 RETURNING 1
)
SELECT manent.refuse(401, 'wrong_code') WHERE NOT EXISTS (SELECT FROM used)
