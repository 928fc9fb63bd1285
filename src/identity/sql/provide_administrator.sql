-- Their membership, active at once; of a practitioner when they are one.
INSERT INTO manent.membership (membership_id, practice_id, person_id, role, practitioner_id)
VALUES ($1::uuid, $2::uuid, $3::uuid, 'administrator', $4::uuid)
