-- Back at the desk, with what is left of the session.
WITH opened AS (
    UPDATE manent.session SET locked_at = NULL
    WHERE token_hash = $1 AND revoked_at IS NULL AND expires_at > now()
    RETURNING 1
)
SELECT manent.refuse(401, 'not_signed_in') WHERE NOT EXISTS (SELECT FROM opened)
