-- The sign-ins listed by the demonstration, in its order, with their second factors.
SELECT a.listed ->> 'label', a.listed ->> 'role', a.listed ->> 'email', a.listed ->> 'password',
       c.person_id, c.totp_secret, c.totp_last_step
FROM manent.installation i
CROSS JOIN LATERAL jsonb_array_elements(i.value::jsonb) WITH ORDINALITY AS a (listed, place)
LEFT JOIN manent.credential c ON lower(c.email) = lower(a.listed ->> 'email') AND c.totp_confirmed_at IS NOT NULL
WHERE i.name = 'demonstration_accounts'
ORDER BY a.place
