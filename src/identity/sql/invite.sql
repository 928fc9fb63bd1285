-- An invitation, or another one for someone who had left.
WITH invited AS (
    INSERT INTO manent.membership (membership_id, practice_id, person_id, role, state)
    VALUES ($1, $2, $3, $4, 'invited')
    ON CONFLICT (practice_id, person_id) DO UPDATE SET role = excluded.role, state = 'invited'
        WHERE membership.state = 'ended'
    RETURNING 1
)
SELECT manent.refuse(409, 'already_member') WHERE NOT EXISTS (SELECT FROM invited)
