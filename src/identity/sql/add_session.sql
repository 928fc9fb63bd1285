-- A session from a full sign-in. Its length is the shortest that the person's practices set, 30 days for a patient.
INSERT INTO manent.session (session_id, token_hash, person_id, device_id, second_factor_at, expires_at)
VALUES ($1, $2, $3, $4, CASE WHEN $5::boolean THEN now() END,
        now() + coalesce((SELECT min(pr.session_minutes) * interval '1 minute' FROM manent.membership m
                          JOIN manent.practice pr ON pr.practice_id = m.practice_id
                          WHERE m.person_id = $3 AND m.state <> 'ended'), interval '30 days'))
RETURNING expires_at
