-- Their membership, active at once.
INSERT INTO manent.membership (membership_id, practice_id, person_id, role)
VALUES ($1::uuid, $2::uuid, $3::uuid, 'administrator')
