-- Who of the practices' people may come back at this device ($1) without a full sign-in, and whether a PIN opens.
SELECT dp.person_id, p.given_name || ' ' || p.family_name, dp.pin_hash IS NOT NULL AND dp.pin_failures < $2
FROM manent.device d
JOIN manent.device_person dp ON dp.device_id = d.device_id
JOIN manent.person p ON p.person_id = dp.person_id
WHERE d.token_hash = $1
  AND dp.confirmed_at > now() - (SELECT min(pr.session_minutes) * interval '1 minute' FROM manent.membership m
                                 JOIN manent.practice pr ON pr.practice_id = m.practice_id
                                 WHERE m.person_id = dp.person_id AND m.state = 'active')
ORDER BY p.family_name, p.given_name, dp.person_id
