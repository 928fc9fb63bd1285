-- The account of an address, and whether its authenticator is in use.
SELECT c.person_id, c.totp_confirmed_at IS NOT NULL FROM manent.credential c WHERE lower(c.email) = lower($1::text)
