-- The living session behind a token, locked or not, with whose it is. Revoked and expired ones do not exist.
SELECT s.session_id, s.person_id, p.given_name, p.family_name, coalesce(c.email, ''), p.language, s.device_id,
       s.expires_at, s.locked_at IS NOT NULL, s.second_factor_at IS NOT NULL,
       coalesce(d.pin_hash IS NOT NULL, false),
       EXISTS (SELECT FROM manent.operator o WHERE o.person_id = s.person_id)
FROM manent.session s
JOIN manent.person p ON p.person_id = s.person_id
LEFT JOIN manent.credential c ON c.person_id = s.person_id
LEFT JOIN manent.device_person d ON d.device_id = s.device_id AND d.person_id = s.person_id
WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND s.expires_at > now()
