-- A session by PIN: it ends when the person's last full sign-in on this device would have ended, and carries a second
-- factor only if a session of theirs there had one since.
WITH allowed AS (
    SELECT dp.person_id, dp.device_id, dp.confirmed_at,
           dp.confirmed_at + (SELECT min(pr.session_minutes) * interval '1 minute' FROM manent.membership m
                              JOIN manent.practice pr ON pr.practice_id = m.practice_id
                              WHERE m.person_id = dp.person_id AND m.state = 'active') AS ends_at,
           EXISTS (SELECT FROM manent.session s WHERE s.person_id = dp.person_id AND s.device_id = dp.device_id
                   AND s.second_factor_at >= dp.confirmed_at) AS second_factor
    FROM manent.device_person dp WHERE dp.person_id = $3 AND dp.device_id = $4
), opened AS (
    INSERT INTO manent.session (session_id, token_hash, person_id, device_id, second_factor_at, expires_at)
    SELECT $1, $2, a.person_id, a.device_id, CASE WHEN a.second_factor THEN a.confirmed_at END, a.ends_at
    FROM allowed a WHERE a.ends_at > now()
    RETURNING expires_at
)
SELECT expires_at, NULL FROM opened
UNION ALL
SELECT NULL, manent.refuse(401, 'password_needed')::text WHERE NOT EXISTS (SELECT FROM opened)
