-- What is needed to judge a code: the person's factor, and how many tries all their codes took within the hour. $2 is
-- the hash of the device's token.
SELECT c.email, p.language, c.totp_secret, c.totp_confirmed_at IS NOT NULL, c.totp_last_step,
       (SELECT coalesce(sum(o.failures), 0) FROM manent.pending_sign_in o
        WHERE o.person_id = w.person_id AND o.expires_at > now() - interval '50 minutes'),
       d.device_id, dp.confirmed_at IS NOT NULL
FROM manent.pending_sign_in w
JOIN manent.credential c ON c.person_id = w.person_id
JOIN manent.person p ON p.person_id = w.person_id
LEFT JOIN manent.device d ON d.token_hash = $2
LEFT JOIN manent.device_person dp ON dp.device_id = d.device_id AND dp.person_id = w.person_id
    AND dp.confirmed_at > now() - interval '1 year'
WHERE w.sign_in_id = $1
