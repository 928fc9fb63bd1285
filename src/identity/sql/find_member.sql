-- Who works in a practice and signs in with that address.
SELECT m.membership_id FROM manent.membership m JOIN manent.credential c ON c.person_id = m.person_id
WHERE m.practice_id = $1::uuid AND m.state <> 'ended' AND lower(c.email) = lower($2::text)
