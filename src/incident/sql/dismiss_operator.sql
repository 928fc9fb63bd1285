-- Whoever has this address runs the installation no longer.
DELETE FROM manent.operator o USING manent.credential c
WHERE c.person_id = o.person_id AND lower(c.email) = lower($1::text) RETURNING o.person_id
