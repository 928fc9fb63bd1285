-- A code is good once: whoever comes second is refused. The right try gives its count back.
WITH used AS (
    UPDATE manent.pending_sign_in SET used_at = now(), failures = failures - 1
    WHERE sign_in_id = $1 AND used_at IS NULL AND expires_at > now()
    RETURNING 1
)
SELECT manent.refuse(401, 'code_expired') WHERE NOT EXISTS (SELECT FROM used)
