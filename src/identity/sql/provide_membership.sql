-- A membership made by the installation, active at once.
INSERT INTO manent.membership (membership_id, practice_id, person_id, role, practitioner_id)
VALUES ($1::uuid, $2::uuid, $3::uuid, $4::text, $5::uuid)
