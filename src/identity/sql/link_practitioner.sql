-- The account of an address, in a practice, is this practitioner's.
UPDATE manent.membership SET practitioner_id = $2::uuid
WHERE practice_id = $1::uuid AND state <> 'ended'
  AND person_id = (SELECT person_id FROM manent.credential WHERE lower(email) = lower($3::text))
RETURNING membership_id
