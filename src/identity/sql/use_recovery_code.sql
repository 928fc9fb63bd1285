-- Each recovery code is good once.
WITH used AS (
    UPDATE manent.recovery_code SET used_at = now()
    WHERE person_id = $1 AND code_hash = $2 AND used_at IS NULL
    RETURNING 1
)
SELECT manent.refuse(401, 'wrong_code') WHERE NOT EXISTS (SELECT FROM used)
