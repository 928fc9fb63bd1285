-- The account behind an address ($1, in lower case), and whether the device with this token ($2) is known to be its
-- person's: confirmed by a code within the year.
SELECT c.person_id, c.password_hash, c.email_confirmed_at IS NOT NULL, c.totp_confirmed_at IS NOT NULL,
       p.given_name, p.language,
       EXISTS (SELECT FROM manent.membership m WHERE m.person_id = c.person_id AND m.state <> 'ended'),
       EXISTS (SELECT FROM manent.membership m WHERE m.person_id = c.person_id AND m.state = 'invited'),
       (SELECT d.device_id FROM manent.device d
        JOIN manent.device_person dp ON dp.device_id = d.device_id AND dp.person_id = c.person_id
        WHERE d.token_hash = $2 AND dp.confirmed_at > now() - interval '1 year')
FROM manent.credential c
JOIN manent.person p ON p.person_id = c.person_id
WHERE lower(c.email) = $1
