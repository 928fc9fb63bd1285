-- Who works in a practice. Someone invited is known here by their address only: what their account says is theirs until
-- they accept.
SELECT m.membership_id, CASE WHEN m.state = 'active' THEN p.given_name || ' ' || p.family_name ELSE c.email END,
       coalesce(c.email, ''), m.role, m.state, m.practitioner_id, m.person_id = $2
FROM manent.membership m
JOIN manent.person p ON p.person_id = m.person_id
LEFT JOIN manent.credential c ON c.person_id = m.person_id
WHERE m.practice_id = $1 AND m.state <> 'ended'
ORDER BY m.state, p.family_name, p.given_name, m.membership_id
