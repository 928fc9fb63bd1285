-- An invitation, or another one for someone who had left; as the account of a practitioner when $5 is given.
WITH invited AS (
    INSERT INTO manent.membership (membership_id, practice_id, person_id, role, practitioner_id, state)
    VALUES ($1, $2, $3, $4, $5, 'invited')
    ON CONFLICT (practice_id, person_id)
        DO UPDATE SET role = excluded.role, practitioner_id = excluded.practitioner_id, state = 'invited'
        WHERE membership.state = 'ended'
    RETURNING 1
)
SELECT manent.refuse(409, 'already_member') WHERE NOT EXISTS (SELECT FROM invited)
