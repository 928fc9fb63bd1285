-- Takes somebody out of a practice, or an invitation back. Never the one who asks: an administrator must stay.
WITH ended AS (
    UPDATE manent.membership SET state = 'ended'
    WHERE practice_id = $1 AND membership_id = $2 AND person_id <> $3 AND state <> 'ended'
    RETURNING 1
)
SELECT manent.refuse(404, 'not_found') WHERE NOT EXISTS (SELECT FROM ended)
