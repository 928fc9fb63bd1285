-- Where the session's person works, in the order of the practices' names.
SELECT m.practice_id, pr.name, m.role, m.practitioner_id
FROM manent.session s
JOIN manent.membership m ON m.person_id = s.person_id AND m.state = 'active'
JOIN manent.practice pr ON pr.practice_id = m.practice_id
WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND s.expires_at > now()
ORDER BY pr.name, m.practice_id
