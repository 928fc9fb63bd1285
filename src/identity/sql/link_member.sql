-- Whose entry of the directory a member's account is; nobody's when $3 is NULL.
WITH linked AS (
    UPDATE manent.membership SET practitioner_id = $3
    WHERE practice_id = $1 AND membership_id = $2 AND state <> 'ended'
    RETURNING 1
)
SELECT manent.refuse(404, 'not_found') WHERE NOT EXISTS (SELECT FROM linked)
